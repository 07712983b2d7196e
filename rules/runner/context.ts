/** What a rule runner shares among its parts. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../model/clock.ts'
import type { Finding } from '../../model/finding.ts'
import type { Journal } from '../../model/ports/journal.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type { Engine } from '../engine/engine.ts'
import type { Wake } from './signal.ts'
import type { WaitingSwap } from './swap.ts'

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

export const rulesCursor = 'rules'
export const rulesStateCursor = 'rules-state'

export interface Position {
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
  skippedTurns: number
}

type Counters = ReturnType<typeof createCounters>

export interface Context {
  readonly options: RuleRunnerOptions
  /** The one that judges; another one after a swap. */
  engine: Engine
  /** Asked for and not done yet, in order. */
  readonly swaps: WaitingSwap[]
  readonly wake: Wake
  readonly position: Position
  readonly counters: Counters
  /** The snapshot that is on its way to disk. */
  saving: Promise<void> | undefined
  /** Why one was given up: what the engine takes for saved is not. */
  abandoned: { readonly error: unknown } | undefined
  /** Aborted when the runner stops. */
  readonly stopping: AbortSignal
}

/** True when the runner is to stop instead of trying again. */
export async function waitAfter(
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
    entries: metrics.counter('linli_rules_entries_total', 'Entries of the journal judged'),
    findings: metrics.counter('linli_rules_findings_total', 'Findings told', ['change', 'rule']),
    failures: metrics.counter('linli_rules_failures_total', 'Reads and commits of the rules that failed'),
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
