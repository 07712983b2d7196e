/** What the dashboard needs from other rooms; `app/` provides it. */
import type { Clock } from '../../model/clock.ts'
import type { LatestReading } from '../../model/live-feed.ts'
import type { AlertCommands, CaseCommands } from '../../model/ports/commands.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { History } from '../../model/ports/history.ts'
import type { Journal } from '../../model/ports/journal.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import type { RuleRegistry } from '../../model/rule-registry.ts'
import type { RuleTrials } from '../../model/rule-trial.ts'

/** Newest reading of each device. */
export interface LatestReadings {
  latest(device: string): LatestReading | undefined
  all(): readonly LatestReading[]
  onlineCount(): number
  /** Calls back with the devices that changed; returns the cancel function. */
  onChange(listener: (devices: readonly string[]) => void): () => void
}

/** Lag of the journal's readers, in entries. */
export interface HubStatus {
  readonly rulesBehind: number
  readonly historyBehind: number
}

export interface Readiness {
  readonly ready: boolean
  /** Reasons why it is not ready, for people; empty when ready. */
  readonly reasons: readonly string[]
}

export interface DashboardDeps {
  readonly records: Records
  readonly alerts: AlertCommands
  readonly cases: CaseCommands
  readonly rules: RuleRegistry
  readonly trials: RuleTrials
  readonly directory: () => Directory
  readonly registry: LatestReadings
  readonly history: Pick<History, 'query'>
  readonly journal: Pick<Journal, 'quarantined'>
  readonly status: () => HubStatus
  readonly readiness: () => Promise<Readiness>
  /** All metrics in Prometheus' text format. */
  readonly metricsText: () => Promise<string>
  /** The hub's clock: timestamps of commands and ticks. */
  readonly clock: Clock
  /** The machine's clock, for sessions and limits, when `clock` follows a replay; absent = `clock`. */
  readonly wallClock?: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Folder of the built web apps: `index.html` (console) and `crew/index.html`. */
  readonly webRoot: string
}
