/** The alerts room: loads the alerts that a finding, command or tick is about, decides, and stores every change. */
import type { Alert } from '../model/alert.ts'
import type { Clock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { AlertCommands, CommandContext } from '../model/ports/commands.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import { may, type Permission } from '../model/user.ts'
import { applyCommand, applyFindings, applyRuleChange, applyTime, type RuleChange } from './alert-list.ts'
import * as attention from './attention.ts'
import type { AlertOptions } from './options.ts'
import type { Decision } from './step.ts'
import type { AlertChange, KnownAlerts } from './working-list.ts'

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

const DAY_MS = 86_400_000

export function createAlerts(options: AlertOptions, deps: AlertsDeps): Alerts {
  const { records } = deps
  const graceMs = options.releaseGraceSeconds * 1000
  const minutes = options.acknowledgementMinutes
  const { count, ignored } = createCounters(deps)

  async function command(order: Command): Promise<Alert> {
    const { id, context } = order
    if (!may(context.actor.role, order.permission))
      throw new LinliError('FORBIDDEN', `a ${context.actor.role} may not do this to an alert`)
    const note = context.note?.trim() ?? ''
    const { alert, changes } = await records.transaction(async (tx) => {
      const known = await load(tx, [id])
      const before = known.find(id)
      if (!before) throw new LinliError('NOT_FOUND', `there is no alert ${id}`)
      const step = order.decide(before, { login: context.actor.login, now: context.now, note })
      if (step.kind === 'refused') throw new LinliError(step.code, step.message, { reason: step.reason })
      if (step.kind === 'same') return { alert: before, changes: [] }
      const by = { actor: context.actor.login, note: note || null }
      const decided = applyCommand(known, { step, by }, { now: context.now, graceMs })
      await store(tx, decided, context.now)
      return {
        alert: decided.findLast((change) => change.alert.id === id)?.alert ?? before,
        changes: decided,
      }
    })
    if (count(changes) > 0) deps.changed()
    return alert
  }

  const handle = (decide: Command['decide']) => (id: string, context: CommandContext) =>
    command({ id, context, permission: 'alert.handle', decide })
  return {
    async applyFindings(tx, findings) {
      if (findings.length === 0) return 0
      const now = deps.clock.now()
      const known = await load(
        tx,
        findings.map(({ episode }) => episode),
      )
      const result = applyFindings(known, findings, { directory: deps.directory(), now, graceMs })
      await store(tx, result.changes, now)
      result.ignored.forEach(ignored)
      return count(result.changes)
    },
    async noteRuleChange(tx, change) {
      const changes = applyRuleChange(await load(tx), change)
      await store(tx, changes, deps.clock.now())
      return count(changes)
    },
    async sweep(now) {
      const time = { now, graceMs, minutes }
      // Most sweeps find nothing due and need no transaction.
      if (applyTime(await load(records), time).length === 0) return 0
      const changes = await records.transaction(async (tx) => {
        const due = applyTime(await load(tx), time)
        await store(tx, due, now)
        return due
      })
      if (changes.length > 0) deps.changed()
      return count(changes)
    },
    acknowledge: handle(attention.acknowledge),
    unacknowledge: handle(attention.unacknowledge),
    reopen: handle(attention.reopen),
    clear: handle(attention.clear),
    shelve: (id, until, context) =>
      command({
        id,
        context,
        permission: 'alert.shelve',
        decide: (alert, action) =>
          attention.shelve(alert, until, { ...action, maxMs: options.maxShelveDays * DAY_MS }),
      }),
  }
}

interface Command {
  readonly id: string
  readonly context: CommandContext
  readonly permission: Permission
  readonly decide: (alert: Alert, context: attention.ActionContext) => Decision
}

/** The open alerts, those with the given ids, and the causes of all of them. */
async function load(
  { alerts }: Pick<RecordsTx, 'alerts'>,
  ids: readonly string[] = [],
): Promise<KnownAlerts> {
  const open = new Map((await alerts.open()).map((alert) => [alert.id, alert]))
  const others = new Map<string, Alert>()
  const add = async (id: string): Promise<void> => {
    const alert = open.has(id) || others.has(id) ? undefined : await alerts.get(id)
    if (alert) others.set(id, alert)
  }
  for (const id of ids) await add(id)
  for (const { inhibitedBy } of [...open.values(), ...others.values()])
    if (inhibitedBy !== null) await add(inhibitedBy)
  return { open, find: (id) => open.get(id) ?? others.get(id) }
}

/** Writes each change with its entry in the change log; `now`: hub clock, ms. */
async function store(tx: RecordsTx, changes: readonly AlertChange[], now: number): Promise<void> {
  for (const { alert, action, by } of changes) {
    await tx.alerts.put(alert)
    await tx.changes.append({ entity: 'alert', at: now, action, ...by, after: alert })
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
