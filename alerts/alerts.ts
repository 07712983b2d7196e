/** The alerts room: loads the alerts that findings or a tick are about, decides, and stores every change. */
import type { Clock } from '../model/clock.ts'
import type { Finding } from '../model/finding.ts'
import type { AlertCommands } from '../model/ports/commands.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import { applyFindings, applyRuleChange, applyTime, type RuleChange } from './alert-list.ts'
import { createAlertCommands } from './commands.ts'
import type { AlertOptions } from './options.ts'
import { loadAlerts, storeChanges } from './store.ts'
import type { AlertChange } from './working-list.ts'

export type { RuleChange } from './alert-list.ts'

export interface AlertsDeps {
  readonly records: Records
  /** Asked for every call, because the community file may be reloaded. */
  directory(): Directory
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Called after a commit of this room, so that the live feed reads on. */
  changed(): void
}

export interface Alerts extends AlertCommands {
  /**
   * Applies findings in order within the caller's transaction; the caller commits and then notifies the live feed.
   * Returns the number of changes written to the change log.
   */
  applyFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<number>
  /**
   * Notes at every active alert of the rule that another version evaluates it from now on, with the new title. Within
   * the caller's transaction, as `applyFindings`.
   */
  noteRuleChange(tx: RecordsTx, change: RuleChange): Promise<number>
  /**
   * Ends shelves, lapses acknowledgements and releases alerts that have outlived their cause, as due at `now` (hub clock,
   * ms). Call it every few seconds. Returns the number of changes.
   */
  sweep(now: number): Promise<number>
}

export function createAlerts(options: AlertOptions, deps: AlertsDeps): Alerts {
  const { records } = deps
  const graceMs = options.releaseGraceSeconds * 1000
  const minutes = options.acknowledgementMinutes
  const { count, ignored } = createCounters(deps)
  const committed = (changes: readonly AlertChange[]): number => {
    if (changes.length > 0) deps.changed()
    return count(changes)
  }
  return {
    ...createAlertCommands(options, { records, committed }),
    async applyFindings(tx, findings) {
      if (findings.length === 0) return 0
      const now = deps.clock.now()
      const episodes = findings.map(({ episode }) => episode)
      const context = { directory: deps.directory(), now, graceMs }
      const result = applyFindings(await loadAlerts(tx, episodes), findings, context)
      await storeChanges(tx, result.changes, now)
      result.ignored.forEach(ignored)
      return count(result.changes)
    },
    async noteRuleChange(tx, change) {
      const changes = applyRuleChange(await loadAlerts(tx), change)
      await storeChanges(tx, changes, deps.clock.now())
      return count(changes)
    },
    async sweep(now) {
      const time = { now, graceMs, minutes }
      // Most sweeps find nothing due and need no transaction.
      if (applyTime(await loadAlerts(records), time).length === 0) return 0
      const changes = await records.transaction(async (tx) => {
        const due = applyTime(await loadAlerts(tx), time)
        await storeChanges(tx, due, now)
        return due
      })
      return committed(changes)
    },
  }
}

function createCounters({ metrics, logger }: Pick<AlertsDeps, 'metrics' | 'logger'>) {
  const written = metrics.counter('linli_alert_changes_total', 'Changes of alerts by action', ['action'])
  const ignoredFindings = metrics.counter(
    'linli_findings_ignored_total',
    'Findings that changed no alert, by reason',
    ['reason'],
  )
  return {
    count(changes: readonly AlertChange[]): number {
      for (const { action } of changes) written.add({ action })
      return changes.length
    },
    ignored({ finding, reason }: { readonly finding: Finding; readonly reason: string }): void {
      ignoredFindings.add({ reason })
      logger.warn({ episode: finding.episode, change: finding.change, reason }, 'finding ignored')
    },
  }
}
