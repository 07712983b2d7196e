/**
 * Drives the engine from the journal: reads after its cursor, and commits what the findings do together with the
 * cursor (docs/decisions/0001). After a restart the state is as of the last snapshot; what was decided since then is
 * decided again and not told again.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../model/clock.ts'
import type { Journaled } from '../model/entry.ts'
import { LinliError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import type { Engine, RuleFailure } from './engine.ts'
import { type EngineSwap, takeOver, type WaitingSwap } from './swap.ts'
import { type Rows, takeSnapshot } from './take-snapshot.ts'
import { createWake, type Wake } from './wake.ts'

export interface RuleRunnerOptions {
  readonly engine: Engine
  readonly journal: Journal
  readonly records: Records
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Does what the findings ask for, in the transaction that moves the cursor. Findings come once and in order. */
  onFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<unknown>
  /** Called after findings are on disk. */
  readonly committed?: () => void
  /**
   * Entries judged in one go before the event loop gets its turn; default 4,096, about 10 ms. A turn of a hub under full
   * load brings about as many, so rules stay within the entries that the journal has in memory instead of falling behind.
   */
  readonly batch?: number
  /** ms between snapshots of rule state; default 30 s. */
  readonly snapshotEvery?: number
  /** ms after a failed read or commit before it is tried again; default 1 s. */
  readonly retryAfter?: number
}

export interface RuleRunner {
  /** Resolves when the state is restored and judging has begun. */
  start(): Promise<void>
  /** Resolves when the last batch is committed together with a snapshot. */
  stop(): Promise<void>
  /** Entries of the journal that are not judged yet. */
  behind(): number
  /**
   * Between two entries the new engine takes over what the former remembers, and goes on with the next one: nothing is
   * lost, nothing is told twice. Resolves with the seq from which it judges. Rejects with what `commit` threw, or when
   * the runner has stopped.
   */
  swap(change: EngineSwap): Promise<number>
  /** Rules that failed on some subject and are passed over there, since the start or the last swap. */
  failures(): readonly RuleFailure[]
}

export const rulesCursor = 'rules'
export const rulesStateCursor = 'rules-state'

/** Without findings the cursor is committed at most so often, ms. */
const cursorEvery = 1000

interface Position {
  /** Seq of the newest applied entry. */
  applied: number
  /** Seq up to which findings have been told; those of earlier entries are dropped. */
  told: number
  /** Seq that the stored cursor has. */
  committed: number
  /** Set by timers, unset when done. */
  cursorDue: boolean
  snapshotDue: boolean
  /** Failures of rules that were logged. */
  failuresKnown: number
  /** Turns of the snapshot timer that are left out, because the last snapshot was large. */
  restingTurns: number
}

type Counters = ReturnType<typeof createCounters>

interface Context {
  readonly options: RuleRunnerOptions
  /** The one that judges; another one after a swap. */
  engine: Engine
  /** Asked for and not done yet, in order. */
  readonly swaps: WaitingSwap[]
  readonly wake: Wake
  readonly position: Position
  readonly counters: Counters
  /** Aborted when the runner stops. */
  readonly stopping: AbortSignal
}

export function createRuleRunner(options: RuleRunnerOptions): RuleRunner {
  const { journal, records, metrics } = options
  const position: Position = {
    applied: 0,
    told: 0,
    committed: 0,
    cursorDue: false,
    snapshotDue: false,
    failuresKnown: 0,
    restingTurns: 0,
  }
  const stop = new AbortController()
  const context: Context = {
    options,
    engine: options.engine,
    swaps: [],
    wake: createWake(stop.signal),
    position,
    counters: createCounters(metrics),
    stopping: stop.signal,
  }
  const behind = (): number => Math.max(0, journal.lastSeq() - position.applied)
  let running: Promise<void> | undefined
  metrics.gauge('linli_rules_behind', 'Entries of the journal that rules have not judged yet', behind)
  metrics.gauge(
    'linli_rules_broken',
    'Rules that failed on some subject and are passed over there, at most 100 of them',
    () => context.engine.stats().failures.length,
  )

  return {
    async start() {
      position.applied = await records.cursors.get(rulesStateCursor)
      position.told = await records.cursors.get(rulesCursor)
      context.engine.restore(await records.ruleState.load(), position.told)
      position.committed = position.told
      warnOfGap(context)
      running = run(context)
    },
    async stop() {
      stop.abort()
      await running
    },
    behind,
    swap(change) {
      if (!running || stop.signal.aborted) return Promise.reject(stopped())
      const done = Promise.withResolvers<number>()
      context.swaps.push({ change, done })
      context.wake.call()
      return done.promise
    },
    failures: () => context.engine.stats().failures,
  }
}

const stopped = (): LinliError => new LinliError('CONFLICT', 'the rules do not run')

/** The journal must reach back to the state; when it was trimmed too far, time has passed unseen. */
function warnOfGap({ options: { journal, logger }, position }: Context): void {
  const first = journal.firstSeq()
  if (first > position.applied + 1) {
    logger.warn({ from: position.applied + 1, to: first - 1 }, 'entries are gone that rules had not judged')
  }
}

async function run(context: Context): Promise<void> {
  const { options, position, stopping, wake } = context
  const cancels = [
    options.journal.onAppend(wake.call),
    options.clock.every(cursorEvery, () => {
      position.cursorDue = true
      tellFailures(context)
    }),
    options.clock.every(options.snapshotEvery ?? 30_000, () => {
      if (position.restingTurns > 0) position.restingTurns--
      else position.snapshotDue = true
    }),
  ]
  try {
    while (!stopping.aborted) {
      const entries = await read(context)
      const findings = judge(context, entries)
      await commit(context, findings)
      await takeSwaps(context)
      if (entries.length === 0) await wake.wait()
      else await nextTurn()
    }
    if (position.applied > 0) await commitOnce(context, { findings: [], snapshot: true })
  } catch (error) {
    options.logger.error({ error: messageOf(error) }, 'the last state of the rules could not be stored')
  } finally {
    for (const cancel of cancels) cancel()
    for (const { done } of context.swaps.splice(0)) done.reject(stopped())
  }
}

/** A rule that fails somewhere watches nobody there: that must not stay in a metric alone. */
function tellFailures({ options: { logger }, engine, position }: Context): void {
  const { failures } = engine.stats()
  for (const { rule, subject, message } of failures.slice(position.failuresKnown))
    logger.error({ rule, subject, error: message }, 'a rule failed and is passed over there')
  position.failuresKnown = failures.length
}

async function read(context: Context): Promise<Journaled[]> {
  const { journal, batch = 4096 } = context.options
  for (;;) {
    try {
      return await journal.read(context.position.applied, batch)
    } catch (error) {
      if (await waitAfter(context, error, 'the journal could not be read')) return []
    }
  }
}

/** Findings that have not been told before. */
function judge({ engine, position, counters }: Context, entries: readonly Journaled[]): Finding[] {
  const findings: Finding[] = []
  for (const entry of entries) {
    for (const finding of engine.apply(entry)) {
      if (finding.seq > position.told) findings.push(finding)
    }
    position.applied = entry.seq
  }
  counters.entries.add(undefined, entries.length)
  for (const { change, rule } of findings) counters.findings.add({ change, rule })
  return findings
}

/** Tries until it is stored: nothing is judged before what was found is safe. */
async function commit(context: Context, findings: readonly Finding[]): Promise<void> {
  const { position } = context
  const snapshot = position.snapshotDue
  const stale = position.cursorDue && position.applied > position.committed
  if (findings.length === 0 && !stale && !snapshot) return
  // People do not wait for a snapshot.
  if (findings.length > 0 || !snapshot) await store(context, { findings, snapshot: false })
  if (snapshot) await store(context, { findings: [], snapshot })
}

async function store(context: Context, work: Work): Promise<void> {
  for (;;) {
    try {
      await commitOnce(context, work)
      return
    } catch (error) {
      if (await waitAfter(context, error, 'findings could not be stored')) throw error
    }
  }
}

interface Work {
  readonly findings: readonly Finding[]
  readonly snapshot: boolean
  /** Taken once, because taking it empties it. */
  slices?: readonly Rows[]
}

async function commitOnce(context: Context, work: Work): Promise<void> {
  const { options, position } = context
  const { records, onFindings, committed } = options
  if (work.snapshot) work.slices ??= await slicesOf(context)
  const { slices, findings } = work
  const seq = Math.max(position.applied, position.told)
  await records.transaction(async (tx) => {
    if (findings.length > 0) await onFindings(tx, findings)
    await tx.cursors.set(rulesCursor, seq)
    if (!slices) return
    // Slice by slice: handing all of it to the thread of the records at once would hold up the event loop.
    for (const rows of slices) await tx.ruleState.save(rows)
    await tx.cursors.set(rulesStateCursor, position.applied)
  })
  position.told = seq
  position.committed = seq
  position.cursorDue = false
  if (slices) position.snapshotDue = false
  if (findings.length > 0) committed?.()
}

/** A snapshot of so many characters (about 0.2 s of work in all) makes the timer leave out a turn, and so on. */
const charactersPerTurn = 8 * 1024 * 1024

async function slicesOf({ engine, position }: Context): Promise<readonly Rows[]> {
  const { slices, characters } = await takeSnapshot(engine)
  position.restingTurns = Math.floor(characters / charactersPerTurn)
  return slices
}

/** Not while findings of former entries are passed over because they were told: other rules have not told them. */
async function takeSwaps(context: Context): Promise<void> {
  const { options, position, swaps } = context
  if (position.applied < position.told) return
  for (let next = swaps.shift(); next; next = swaps.shift()) {
    const { change, done } = next
    try {
      await store(context, { findings: [], snapshot: true })
      await takeOver(change, { records: options.records, applied: position.applied })
      context.engine = change.engine
      position.failuresKnown = 0
      options.committed?.()
      done.resolve(position.applied)
    } catch (error) {
      done.reject(error)
    }
  }
}

/** True when the runner is to stop instead of trying again. */
async function waitAfter(
  { options, counters, stopping }: Context,
  error: unknown,
  what: string,
): Promise<boolean> {
  counters.failures.add()
  options.logger.error({ error: messageOf(error) }, what)
  if (!stopping.aborted) await pause(options.retryAfter ?? 1000, undefined, { ref: false })
  return stopping.aborted
}

function createCounters(metrics: Metrics) {
  return {
    entries: metrics.counter('linli_rules_entries_total', 'Entries of the journal judged'),
    findings: metrics.counter('linli_rules_findings_total', 'Findings told', ['change', 'rule']),
    failures: metrics.counter('linli_rules_failures_total', 'Reads and commits of the rules that failed'),
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
