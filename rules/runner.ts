/**
 * Drives the engine from the journal: reads after its cursor, and commits what the findings do together with the
 * cursor (docs/decisions/0001). After a restart the state is as of the last snapshot; what was decided since then is
 * decided again and not told again.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../model/clock.ts'
import type { Journaled } from '../model/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import type { Engine } from './engine.ts'

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
  readonly position: Position
  readonly counters: Counters
  /** Aborted when the runner stops. */
  readonly stopping: AbortSignal
}

export function createRuleRunner(options: RuleRunnerOptions): RuleRunner {
  const { engine, journal, records, metrics } = options
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
    () => engine.stats().failures.length,
  )

  return {
    async start() {
      position.applied = await records.cursors.get(rulesStateCursor)
      position.told = await records.cursors.get(rulesCursor)
      engine.restore(await records.ruleState.load(), position.told)
      position.committed = position.told
      warnOfGap(context)
      running = run(context)
    },
    async stop() {
      stop.abort()
      await running
    },
    behind,
  }
}

/** The journal must reach back to the state; when it was trimmed too far, time has passed unseen. */
function warnOfGap({ options: { journal, logger }, position }: Context): void {
  const first = journal.firstSeq()
  if (first > position.applied + 1) {
    logger.warn({ from: position.applied + 1, to: first - 1 }, 'entries are gone that rules had not judged')
  }
}

async function run(context: Context): Promise<void> {
  const { options, position, stopping } = context
  const wake = createWake(stopping)
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
      if (entries.length === 0) await wake.wait()
      else await nextTurn()
    }
    if (position.applied > 0) await commitOnce(context, { findings: [], snapshot: true })
  } catch (error) {
    options.logger.error({ error: messageOf(error) }, 'the last state of the rules could not be stored')
  } finally {
    for (const cancel of cancels) cancel()
  }
}

/** A rule that fails somewhere watches nobody there: that must not stay in a metric alone. */
function tellFailures({ options: { engine, logger }, position }: Context): void {
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
function judge({ options, position, counters }: Context, entries: readonly Journaled[]): Finding[] {
  const findings: Finding[] = []
  for (const entry of entries) {
    for (const finding of options.engine.apply(entry)) {
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

type Rows = ReadonlyMap<string, string | null>

async function commitOnce({ options, position }: Context, work: Work): Promise<void> {
  const { engine, records, onFindings, committed } = options
  if (work.snapshot) work.slices ??= await takeSnapshot(engine, position)
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

/** Characters of snapshot rows made, and handed to the records, in one go: about 2 ms each. */
const snapshotSlice = 96 * 1024
/** A snapshot of so many characters (about 0.2 s of work in all) makes the timer leave out a turn, and so on. */
const charactersPerTurn = 8 * 1024 * 1024

/** Lets the event loop have its turn in between: with thousands of busy devices this is a second's work. */
async function takeSnapshot(engine: Engine, position: Position): Promise<readonly Rows[]> {
  let rows = new Map<string, string | null>()
  const slices = [rows]
  let slice = 0
  let characters = 0
  for (const [key, text] of engine.snapshotRows()) {
    rows.set(key, text)
    slice += text?.length ?? 0
    if (slice < snapshotSlice) continue
    characters += slice
    slice = 0
    rows = new Map()
    slices.push(rows)
    await nextTurn()
  }
  position.restingTurns = Math.floor(characters / charactersPerTurn)
  return slices
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

interface Wake {
  readonly call: () => void
  wait(): Promise<void>
}

/** Sleeps until called; a call while awake is not forgotten. */
function createWake(stopping: AbortSignal): Wake {
  let called = false
  let resume: (() => void) | undefined
  const call = (): void => {
    called = true
    resume?.()
  }
  stopping.addEventListener('abort', call)
  return {
    call,
    async wait() {
      if (!called) await new Promise<void>((resolve) => (resume = resolve))
      called = false
      resume = undefined
    },
  }
}

function createCounters(metrics: Metrics) {
  return {
    entries: metrics.counter('linli_rules_entries_total', 'Entries of the journal judged'),
    findings: metrics.counter('linli_rules_findings_total', 'Findings told', ['change', 'rule']),
    failures: metrics.counter('linli_rules_failures_total', 'Reads and commits of the rules that failed'),
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
