/** The rules of this hub and their versions; replaces a version while the hub runs. */
import { formatProblem, LinliError, type Problem } from '../../model/errors.ts'
import type { CommandContext } from '../../model/ports/commands.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type {
  RuleDetail,
  RuleRegistry,
  RuleSave,
  RuleSummary,
  RuleTemplate,
} from '../../model/rule-registry.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import type { Text } from '../../model/text.ts'
import { compileRules, readRule } from '../compile/compile-rules.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { unknownIds } from '../compile/overrides.ts'
import { createEngine, type RuleFailure } from '../engine/engine.ts'
import type { EngineSwap } from '../runner/swap.ts'
import type { RuleSource } from '../schema/rule-file.ts'
import { type Composed, composeRules, composeWithVersion, type StoredRule, sourceOf } from './active-texts.ts'
import { inBothLanguages } from './problem-texts.ts'

export interface RuleRegistryDeps {
  readonly records: Records
  readonly directory: Directory
  readonly logger: Logger
  /** Reads the rule files. Throws RULES_INVALID. */
  files(): readonly RuleSource[]
  /** Templates for new rules. */
  readonly templates: readonly RuleSource[]
  /** Starts the active rules; called once. */
  run(rules: CompiledRules): Promise<RunningRules>
  /** Adds a note to open alerts of the rule. `title`: the present title; undefined when the rule is off. */
  noteChange(
    tx: RecordsTx,
    change: { rule: string; actor: string; note: string; title: Text | undefined },
  ): Promise<unknown>
}

/** The runner of the active rules, as the registry needs it. */
export interface RunningRules {
  /** Replaces the engine between two entries; resolves with the seq from which the new one evaluates. */
  swap(change: EngineSwap): Promise<number>
  failures(): readonly RuleFailure[]
  /** Journal entries not evaluated yet. */
  behind(): number
}

export interface RunningRuleRegistry extends RuleRegistry {
  readonly behind: () => number
  /** The active text of a rule, for a trial; undefined = no such rule, or it is off. */
  readonly textOf: (id: string) => string | undefined
  /** Reads the rule files again: all are applied, or all are refused and logged, and the running rules stay. */
  reload(): Promise<void>
}

/** Throws RULES_INVALID when the rule files are invalid. Saved versions that cannot be read are logged. */
export async function openRuleRegistry(deps: RuleRegistryDeps): Promise<RunningRuleRegistry> {
  const { records, logger } = deps
  let files = deps.files()
  let now: Composed = composeAtStart(files, await records.rules.newest(), logger)
  logUnknownIds(deps, now)
  logDeprecations(logger, now)
  const templates = deps.templates.flatMap(templateOf)
  const serially = createSerial()
  const running = await deps.run(now.rules)

  async function change(next: Composed, commit: EngineSwap['commit']): Promise<number> {
    const engine = createEngine({ rules: next.rules, directory: deps.directory })
    const afterSeq = await running.swap({ engine, commit })
    now = next
    logUnknownIds(deps, next)
    return afterSeq
  }

  async function save(id: string, wish: RuleSave, context: CommandContext): Promise<RuleVersion> {
    const former = now.stored.get(id)
    refuseStale(former, wish)
    const [newest] = await records.rules.of(id)
    const { text, reason, enabled } = wish
    const version: RuleVersion = {
      ...{ rule: id, version: (newest?.version ?? 0) + 1, text, enabled, author: context.actor.login },
      ...{ reason, at: context.now, afterSeq: 0 },
    }
    const problems = problemsOf({ id, text, isNew: former === undefined }, now)
    const next = problems.length > 0 ? { ok: false as const, problems } : composeWithVersion(now, version)
    if (!next.ok)
      throw new LinliError('RULES_INVALID', `the rule ${id} is refused`, {
        problems: next.problems.map(inBothLanguages),
      })
    const note = `v${version.version} · ${reason}`
    const afterSeq = await change(next, async (tx, seq) => {
      await tx.rules.append({ ...version, afterSeq: seq })
      await deps.noteChange(tx, { rule: id, actor: version.author, note, title: titleOf(next, id) })
    })
    const stored = { ...version, afterSeq }
    now = {
      ...next,
      stored: new Map(next.stored).set(id, { ...(next.stored.get(id) as StoredRule), saved: stored }),
    }
    logger.info({ rule: id, version: version.version, author: version.author, afterSeq }, 'rule changed')
    return stored
  }

  async function reload(): Promise<void> {
    const fresh = deps.files()
    if (JSON.stringify(fresh) === JSON.stringify(files)) return
    const next = composeRules(fresh, await records.rules.newest())
    if (!next.ok)
      throw new LinliError('RULES_INVALID', 'the rule files are refused', { problems: next.problems })
    const changed = changedIds(now, next)
    const afterSeq = await change(next, async (tx) => {
      for (const rule of changed)
        await deps.noteChange(tx, { rule, actor: 'rules', note: 'v0', title: titleOf(next, rule) })
    })
    files = fresh
    logDeprecations(logger, next)
    logger.info({ changed, afterSeq }, 'rule files applied')
  }

  return {
    behind: running.behind,
    textOf(id) {
      const stored = now.stored.get(id)
      return stored && isOn(stored) ? textOf(stored) : undefined
    },
    list: () => [...now.stored.values()].map((stored) => summaryOf(stored, running.failures())),
    async detail(id) {
      const stored = storedRule(now, id)
      return detailOf(stored, await records.rules.of(id), running.failures())
    },
    templates: () => templates,
    check: (id, text, isNew = false) => problemsOf({ id, text, isNew }, now).map(inBothLanguages),
    save: (id, wish, context) => serially(() => save(id, wish, context)),
    reload: () => serially(() => reload().catch((error: unknown) => logRefusal(logger, error))),
  }
}

const titleOf = ({ rules }: Composed, id: string): Text | undefined =>
  rules.list.find((rule) => rule.id === id)?.title

function composeAtStart(
  files: readonly RuleSource[],
  saved: readonly RuleVersion[],
  logger: Logger,
): Composed {
  const composed = composeRules(files, saved)
  if (!composed.ok)
    throw new LinliError('RULES_INVALID', 'the rules are refused', { problems: composed.problems })
  for (const { id, problems } of composed.stored.values())
    if (problems.length > 0)
      logger.error(
        { rule: id, problems: problems.map(formatProblem) },
        'a saved rule cannot be read, its rule file is used',
      )
  return composed
}

/** A warning only: the device may have been removed since the rule was written. */
function logUnknownIds({ directory, logger }: RuleRegistryDeps, { rules }: Composed): void {
  for (const unknown of unknownIds(rules.list, directory))
    logger.warn({ ...unknown }, 'an override of a rule names an unknown id')
}

function logDeprecations(logger: Logger, { deprecations }: Composed): void {
  for (const deprecation of deprecations)
    logger.warn({ problem: formatProblem(deprecation) }, 'a rule uses a former key')
}

/** Only somebody who has seen the newest version may change a rule. */
function refuseStale(stored: StoredRule | undefined, { base, text, enabled }: RuleSave): void {
  const version = stored ? (stored.saved?.version ?? 0) : null
  if (version !== base)
    throw new LinliError('CONFLICT', `the rule is at version ${version}, not ${base}`, {
      reason: base === null ? 'rule-exists' : 'rule-saved-meanwhile',
    })
  if (stored && textOf(stored) === text && isOn(stored) === enabled)
    throw new LinliError('CONFLICT', 'nothing has changed', { reason: 'rule-unchanged' })
}

interface Proposed {
  readonly id: string
  readonly text: string
  /** The id must not exist yet. */
  readonly isNew: boolean
}

function problemsOf({ id, text, isNew }: Proposed, { stored }: Composed): readonly Problem[] {
  const source = { source: id, text }
  const read = readRule(source)
  if ('problems' in read) return read.problems
  if (read.file.id !== id) return [read.yaml.problemAt(['id'], `the id of this rule is ${id}`)]
  if (isNew && stored.has(id))
    return [read.yaml.problemAt(['id'], `there is a rule ${id} already: choose another id`)]
  const compiled = compileRules([source], undefined, new Set(stored.keys()))
  return compiled.ok ? [] : compiled.problems
}

function templateOf(source: RuleSource): RuleTemplate[] {
  const read = readRule(source)
  return 'file' in read ? [{ id: read.file.id, title: read.file.title, text: source.text }] : []
}

function storedRule({ stored }: Composed, id: string): StoredRule {
  const found = stored.get(id)
  if (!found) throw new LinliError('NOT_FOUND', `there is no rule ${id}`)
  return found
}

const activeVersion = ({ saved, problems }: StoredRule): RuleVersion | undefined =>
  problems.length === 0 ? saved : undefined
const textOf = (stored: StoredRule): string => {
  const version = activeVersion(stored)
  return version ? sourceOf(version).text : (stored.file?.text ?? '')
}
const isOn = (stored: StoredRule): boolean => activeVersion(stored)?.enabled ?? true

function changedIds(before: Composed, after: Composed): string[] {
  const fingerprints = new Map(before.rules.list.map(({ id, fingerprint }) => [id, fingerprint]))
  return after.rules.list
    .filter(({ id, fingerprint }) => fingerprints.has(id) && fingerprints.get(id) !== fingerprint)
    .map(({ id }) => id)
}

function summaryOf(stored: StoredRule, failures: readonly RuleFailure[]): RuleSummary {
  const { id, rule, problems } = stored
  const version = activeVersion(stored)
  return {
    ...{ id, ref: rule.ref, title: rule.title, kind: rule.kind, severity: rule.severity },
    types: rule.applies.types === '*' ? ['*'] : rule.applies.types,
    source: rule.source,
    version: version?.version ?? 0,
    enabled: isOn(stored),
    savedAt: version?.at ?? null,
    savedBy: version?.author ?? null,
    failures: failures.filter((one) => one.rule === id).length,
    isFaulty: problems.length > 0,
  }
}

function detailOf(
  stored: StoredRule,
  versions: readonly RuleVersion[],
  failures: readonly RuleFailure[],
): RuleDetail {
  return {
    ...summaryOf(stored, failures),
    text: textOf(stored),
    reason: stored.rule.reason,
    fileText: stored.file?.text ?? null,
    versions,
    failed: failures
      .filter(({ rule }) => rule === stored.id)
      .map(({ subject, count, message }) => ({ subject, count, message })),
    faults: stored.problems.map(inBothLanguages),
  }
}

function logRefusal(logger: Logger, error: unknown): void {
  const problems = error instanceof LinliError ? error.problems.map(formatProblem) : []
  const reason = error instanceof Error ? error.message : String(error)
  logger.error({ reason, problems }, 'rule files refused, the running rules stay')
}

/** Runs tasks one after the other, also after a failed one. */
function createSerial(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}
