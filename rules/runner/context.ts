/** Shared state of a rule runner. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../model/clock.ts'
import type { Finding } from '../../model/finding.ts'
import type { Journal } from '../../model/ports/journal.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type { Engine } from '../engine/engine.ts'
import type { Signal } from './signal.ts'
import type { WaitingSwap } from './swap.ts'

export interface RuleRunnerOptions {
  readonly engine: Engine
  readonly journal: Journal
  readonly records: Records
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Handles the findings in the transaction that moves the cursor. Findings come once and in order. */
  onFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<unknown>
  /** Called after findings are on disk. */
  readonly committed?: () => void
  /**
   * Entries evaluated before the event loop gets a turn; default 4,096, about 10 ms. A hub under full load receives
   * about as many per turn, so rules keep up with the entries that the journal has in memory.
   */
  readonly batch?: number
  /** ms between snapshots of rule state; default 30 s. */
  readonly snapshotEvery?: number
  /** ms before a failed read or commit is retried; default 1 s. */
  readonly retryAfter?: number
}

export const rulesCursor = 'rules'
export const rulesStateCursor = 'rules-state'

export interface Position {
  /** Seq of the newest applied entry. */
  applied: number
  /** Seq up to which findings were published; findings of earlier entries are dropped. */
  published: number
  /** Seq of the stored cursor. */
  committed: number
  /** Set by timers, cleared when done. */
  cursorDue: boolean
  snapshotDue: boolean
  /** Number of rule failures already logged. */
  loggedFailures: number
  /** Snapshot intervals to skip, because the last snapshot was large. */
  skippedTurns: number
}

type Counters = ReturnType<typeof createCounters>

export interface Context {
  readonly options: RuleRunnerOptions
  /** The running engine; replaced by a swap. */
  engine: Engine
  /** Requested swaps, in order. */
  readonly swaps: WaitingSwap[]
  readonly signal: Signal
  readonly position: Position
  readonly counters: Counters
  /** The snapshot being stored. */
  saving: Promise<void> | undefined
  /** Why a snapshot was abandoned: the engine counts rows as saved that are not on disk. */
  abandoned: { readonly error: unknown } | undefined
  /** Aborted when the runner stops. */
  readonly stopping: AbortSignal
}

/** Logs the error and waits before a retry; true when the runner stops instead. */
export async function waitForRetry(
  { options, counters, stopping }: Context,
  error: unknown,
  what: string,
): Promise<boolean> {
  counters.failures.add()
  options.logger.error({ error: messageOf(error) }, what)
  if (!stopping.aborted) await pause(options.retryAfter ?? 1000, undefined, { ref: false })
  return stopping.aborted
}

export function createCounters(metrics: Metrics) {
  return {
    entries: metrics.counter('linli_rules_entries_total', 'Journal entries evaluated by rules'),
    findings: metrics.counter('linli_rules_findings_total', 'Findings published', ['change', 'rule']),
    failures: metrics.counter('linli_rules_failures_total', 'Failed reads and commits of the rules'),
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
