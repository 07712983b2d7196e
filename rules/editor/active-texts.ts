/** The active text of each rule: the newest version that people saved, otherwise the rule file. Pure. */
import type { Problem } from '../../model/errors.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import { compileRules, readRule } from '../compile/compile-rules.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import type { RuleFile, RuleSource } from '../schema/rule-file.ts'

/** One rule with its texts; at least one of them exists. */
export interface StoredRule {
  readonly id: string
  readonly file: RuleSource | undefined
  readonly saved: RuleVersion | undefined
  /** Problems of the saved version; while there are any, the rule file is active. */
  readonly problems: readonly Problem[]
  /** The parsed active text. */
  readonly rule: RuleFile
}

export interface Composed {
  /** By id, sorted by id. */
  readonly stored: ReadonlyMap<string, StoredRule>
  /** All rules that are enabled. */
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
  /** The parsed active text, when already known. */
  readonly rule?: RuleFile
}

export const sourceOf = ({ rule, version, text }: RuleVersion): RuleSource => ({
  source: `${rule} (version ${version})`,
  text,
})

/**
 * Selects and compiles the active texts. A saved version that this hub cannot read (for example one saved by a newer hub) is
 * replaced by its rule file: a hub without one changed rule is better than a hub that does not start.
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

/** Compiles the present texts with one more version. */
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
