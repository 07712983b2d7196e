/** Which text of each rule is in force: the newest version that people saved, otherwise the rule file. Pure. */
import type { Problem } from '../../model/errors.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import { compileRules, readRule } from '../compile/compile-rules.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import type { RuleFile, RuleSource } from '../schema/rule-file.ts'

/** One rule with its texts; at least one of them is there. */
export interface HeldRule {
  readonly id: string
  readonly file: RuleSource | undefined
  readonly saved: RuleVersion | undefined
  /** Of the saved version, when it cannot be read: the file stands in for it. */
  readonly faults: readonly Problem[]
  /** The text in force as it reads. */
  readonly rule: RuleFile
}

export interface Composed {
  /** By id, in its order. */
  readonly held: ReadonlyMap<string, HeldRule>
  /** All that are switched on. */
  readonly rules: CompiledRules
}

export type Composition =
  | ({ readonly ok: true } & Composed)
  | { readonly ok: false; readonly problems: readonly Problem[] }

interface Texts {
  readonly file: RuleSource | undefined
  readonly saved: RuleVersion | undefined
  readonly faults: readonly Problem[]
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
    else texts.set(read.file.id, { file, saved: undefined, faults: [] })
  }
  if (problems.length > 0) return { ok: false, problems }
  for (const version of saved)
    texts.set(version.rule, { file: texts.get(version.rule)?.file, saved: version, faults: [] })
  return compileTexts(texts)
}

/** Compiles what is held with one more version; the others stay as they are. */
export function composeWith({ held }: Pick<Composed, 'held'>, version: RuleVersion): Composition {
  const texts = new Map<string, Texts>(held)
  const { source, text } = sourceOf(version)
  const read = compileRules([{ source, text }], undefined, new Set(held.keys()))
  if (!read.ok) return read
  texts.set(version.rule, { file: held.get(version.rule)?.file, saved: version, faults: [] })
  const composed = compileTexts(texts)
  const faults = composed.ok ? (composed.held.get(version.rule)?.faults ?? []) : []
  return faults.length > 0 ? { ok: false, problems: faults } : composed
}

function compileTexts(texts: Map<string, Texts>): Composition {
  for (;;) {
    const inForce = new Map([...texts].flatMap(([id, one]) => textOf(id, one)))
    const compiled = compileRules([...inForce.values()])
    if (compiled.ok) return { ok: true, held: heldOf(texts, inForce), rules: enabled(compiled.rules, texts) }
    const faulty = [...texts.values()].filter(
      ({ saved, faults }) => saved && faults.length === 0 && faultsOf(saved, compiled.problems).length > 0,
    )
    if (faulty.length === 0) return compiled
    for (const { file, saved } of faulty)
      if (saved) texts.set(saved.rule, { file, saved, faults: faultsOf(saved, compiled.problems) })
  }
}

function textOf(id: string, { file, saved, faults }: Texts): [string, RuleSource][] {
  if (saved && faults.length === 0) return [[id, sourceOf(saved)]]
  return file ? [[id, file]] : []
}

function faultsOf(saved: RuleVersion, problems: readonly Problem[]): readonly Problem[] {
  const { source } = sourceOf(saved)
  return problems.filter((problem) => problem.source === source)
}

function heldOf(
  texts: ReadonlyMap<string, Texts>,
  inForce: ReadonlyMap<string, RuleSource>,
): ReadonlyMap<string, HeldRule> {
  const list = [...texts].flatMap(([id, one]): HeldRule[] => {
    const source = inForce.get(id)
    if (!source) return []
    if (one.rule) return [{ id, ...one, rule: one.rule }]
    const read = readRule(source)
    return 'file' in read ? [{ id, ...one, rule: read.file }] : []
  })
  return new Map(list.sort((a, b) => (a.id < b.id ? -1 : 1)).map((held) => [held.id, held]))
}

function enabled({ list, layouts }: CompiledRules, texts: ReadonlyMap<string, Texts>): CompiledRules {
  const isOff = (id: string): boolean => {
    const one = texts.get(id)
    return one?.saved?.enabled === false && one.faults.length === 0
  }
  return { list: list.filter(({ id }) => !isOff(id)), layouts }
}
