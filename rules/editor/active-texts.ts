/** Which text of each rule is in force: the newest version that people saved, otherwise the rule file. Pure. */
import type { Problem } from '../../model/errors.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import { compileRules, readRule } from '../compile/compile-rules.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import type { RuleFile, RuleSource } from '../schema/rule-file.ts'

/** One rule with its texts; at least one of them is there. */
export interface StoredRule {
  readonly id: string
  readonly file: RuleSource | undefined
  readonly saved: RuleVersion | undefined
  /** Of the saved version, when it cannot be read: the file stands in for it. */
  readonly problems: readonly Problem[]
  /** The text in force as it reads. */
  readonly rule: RuleFile
}

export interface Composed {
  /** By id, in its order. */
  readonly stored: ReadonlyMap<string, StoredRule>
  /** All that are switched on. */
  readonly rules: CompiledRules
  /** Former keys in the active texts. */
  readonly deprecations: readonly Problem[]
}

export type Composition =
  | ({ readonly ok: true } & Composed)
  | { readonly ok: false; readonly problems: readonly Problem[] }

interface Texts {
  readonly file: RuleSource | undefined
  readonly saved: RuleVersion | undefined
  readonly problems: readonly Problem[]
  /** The text in force, when it was read already. */
  readonly rule?: RuleFile
}

export const sourceOf = ({ rule, version, text }: RuleVersion): RuleSource => ({
  source: `${rule} (version ${version})`,
  text,
})

/**
 * Composes and compiles. A saved version that this hub cannot read (it was saved by a newer one, say) is passed over and
 * its rule file stands in: a hub that starts without one rule of its people watches more than one that does not start.
 */
export function composeRules(files: readonly RuleSource[], saved: readonly RuleVersion[]): Composition {
  const texts = new Map<string, Texts>()
  const problems: Problem[] = []
  for (const file of files) {
    const read = readRule(file)
    if ('problems' in read) problems.push(...read.problems)
    else if (texts.has(read.file.id))
      problems.push(read.yaml.problemAt(['id'], `another rule has the id ${read.file.id}`))
    else texts.set(read.file.id, { file, saved: undefined, problems: [] })
  }
  if (problems.length > 0) return { ok: false, problems }
  for (const version of saved)
    texts.set(version.rule, { file: texts.get(version.rule)?.file, saved: version, problems: [] })
  return compileTexts(texts)
}

/** Compiles what is held with one more version; the others stay as they are. */
export function composeWithVersion({ stored }: Pick<Composed, 'stored'>, version: RuleVersion): Composition {
  const texts = new Map<string, Texts>(stored)
  const { source, text } = sourceOf(version)
  const read = compileRules([{ source, text }], undefined, new Set(stored.keys()))
  if (!read.ok) return read
  texts.set(version.rule, { file: stored.get(version.rule)?.file, saved: version, problems: [] })
  const composed = compileTexts(texts)
  const problems = composed.ok ? (composed.stored.get(version.rule)?.problems ?? []) : []
  return problems.length > 0 ? { ok: false, problems } : composed
}

function compileTexts(texts: Map<string, Texts>): Composition {
  for (;;) {
    const active = new Map([...texts].flatMap(([id, one]) => activeSource(id, one)))
    const compiled = compileRules([...active.values()])
    if (compiled.ok) {
      const { rules, deprecations } = compiled
      return { ok: true, stored: storedRules(texts, active), rules: enabled(rules, texts), deprecations }
    }
    const faulty = [...texts.values()].filter(
      ({ saved, problems }) =>
        saved && problems.length === 0 && problemsOf(saved, compiled.problems).length > 0,
    )
    if (faulty.length === 0) return compiled
    for (const { file, saved } of faulty)
      if (saved) texts.set(saved.rule, { file, saved, problems: problemsOf(saved, compiled.problems) })
  }
}

function activeSource(id: string, { file, saved, problems }: Texts): [string, RuleSource][] {
  if (saved && problems.length === 0) return [[id, sourceOf(saved)]]
  return file ? [[id, file]] : []
}

function problemsOf(saved: RuleVersion, problems: readonly Problem[]): readonly Problem[] {
  const { source } = sourceOf(saved)
  return problems.filter((problem) => problem.source === source)
}

function storedRules(
  texts: ReadonlyMap<string, Texts>,
  active: ReadonlyMap<string, RuleSource>,
): ReadonlyMap<string, StoredRule> {
  const list = [...texts].flatMap(([id, one]): StoredRule[] => {
    const source = active.get(id)
    if (!source) return []
    if (one.rule) return [{ id, ...one, rule: one.rule }]
    const read = readRule(source)
    return 'file' in read ? [{ id, ...one, rule: read.file }] : []
  })
  return new Map(list.sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => [one.id, one]))
}

function enabled({ list, layouts }: CompiledRules, texts: ReadonlyMap<string, Texts>): CompiledRules {
  const isOff = (id: string): boolean => {
    const one = texts.get(id)
    return one?.saved?.enabled === false && one.problems.length === 0
  }
  return { list: list.filter(({ id }) => !isOff(id)), layouts }
}
