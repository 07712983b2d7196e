/** The alerts room: findings in, commands of people in, every change stored with its line in the change log. */
import type { Alert } from '../model/alert.ts'
import type { Clock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import { type Finding, isAboutAlert } from '../model/finding.ts'
import type { AlertCommands, CommandContext } from '../model/ports/commands.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import type { Text } from '../model/text.ts'
import { may, type Permission } from '../model/user.ts'
import { applyFinding } from './apply-finding.ts'
import { hold, isOrphaned, settle } from './apply-inhibition.ts'
import * as attention from './attention.ts'
import { type Batch, byRules, createBatch } from './batch.ts'
import { expire } from './expiry.ts'
import { explainedBy } from './inhibition.ts'
import type { AlertOptions } from './options.ts'
import { placeFacts } from './place.ts'
import { type AlertAction, changed, type Decision } from './step.ts'
import { supersede } from './supersede.ts'

export interface AlertsDeps {
  readonly records: Records
  /** The directory of this moment; the community file may be reloaded. */
  directory(): Directory
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Called after a commit of this room, so that the live feed looks. */
  changed(): void
}

export interface Alerts extends AlertCommands {
  /**
   * Applies findings in their order within the caller's transaction. The caller commits, then wakes the live feed
   * itself. Returns how many lines went into the change log.
   */
  applyFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<number>
  /**
   * Tells in the log of every alert that the rule has open that another version of it judges from now on, and calls the
   * alert as the rule is called now; its reason stays what was seen then. Within the caller's transaction, as
   * `applyFindings`.
   */
  noteRuleChange(tx: RecordsTx, change: RuleChange): Promise<number>
  /**
   * Ends shelves, lapses acknowledgements and releases what has outlived its cause, as due at `now` (hub clock, ms);
   * call it every few seconds. Returns how many lines went into the change log.
   */
  sweep(now: number): Promise<number>
}

/** A rule that people changed. */
export interface RuleChange {
  readonly rule: string
  /** Login of the person. */
  readonly actor: string
  /** Which version, and why. */
  readonly note: string
  /** As it is called now; undefined when it is switched off. */
  readonly title: Text | undefined
}

const DAY_MS = 86_400_000

export function createAlerts(options: AlertOptions, deps: AlertsDeps): Alerts {
  const { records, metrics } = deps
  const graceMs = options.releaseGraceSeconds * 1000
  const written = metrics.counter('linli_alert_changes_total', 'Changes of alerts by what was done', [
    'action',
  ])
  const ignoredFindings = metrics.counter(
    'linli_findings_ignored_total',
    'Findings that changed no alert, by reason',
    ['reason'],
  )
  const count = (actions: readonly AlertAction[]): number => {
    for (const action of actions) written.add({ action })
    return actions.length
  }

  async function applyFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<number> {
    const now = deps.clock.now()
    const batch = createBatch(tx, now)
    for (const finding of findings.filter(isAboutAlert)) {
      const ignored = await applyOne(batch, finding, { directory: deps.directory(), now })
      if (!ignored) continue
      ignoredFindings.add({ reason: ignored })
      deps.logger.warn(
        { episode: finding.episode, change: finding.change, reason: ignored },
        'finding ignored',
      )
    }
    await settle(batch, { now, graceMs })
    return count(batch.actions())
  }

  async function noteRuleChange(tx: RecordsTx, { rule, actor, note, title }: RuleChange): Promise<number> {
    const batch = createBatch(tx, deps.clock.now())
    const open = [...(await batch.open()).values()]
    for (const alert of open) {
      if (alert.rule === rule && alert.condition === 'active')
        await batch.put(changed(alert, 'rule-changed', title ? { title } : {}), { actor, note })
    }
    return count(batch.actions())
  }

  async function sweep(now: number): Promise<number> {
    const minutes = options.acknowledgementMinutes
    const before = new Map((await records.alerts.open()).map((alert) => [alert.id, alert]))
    const isDue = (alert: Alert) => expire(alert, now, minutes) !== undefined || isOrphaned(alert, before)
    if (![...before.values()].some(isDue)) return 0
    const actions = await records.transaction(async (tx) => {
      const batch = createBatch(tx, now)
      for (const alert of [...(await batch.open()).values()]) {
        if (isOrphaned(alert, await batch.open())) await hold(batch, alert, { now, graceMs })
        const step = expire((await batch.get(alert.id)) ?? alert, now, minutes)
        if (step) await batch.put(step, byRules)
      }
      return batch.actions()
    })
    if (actions.length > 0) deps.changed()
    return count(actions)
  }

  /** One command: allowed, found, decided, stored, told. */
  async function command(order: Command): Promise<Alert> {
    const { id, context } = order
    if (!may(context.actor.role, order.permission))
      throw new LinliError('FORBIDDEN', `a ${context.actor.role} may not do this to an alert`)
    const doing = doingOf(context)
    const { alert, actions } = await records.transaction(async (tx) => {
      const batch = createBatch(tx, context.now)
      const before = await batch.get(id)
      if (!before) throw new LinliError('NOT_FOUND', `there is no alert ${id}`)
      const decision = order.decide(before, doing)
      if (decision.kind === 'refused')
        throw new LinliError(decision.code, decision.message, { reason: decision.reason })
      if (decision.kind === 'changed') {
        await batch.put(decision, { actor: doing.login, note: doing.note || null })
        await settle(batch, { now: context.now, graceMs })
      }
      return { alert: (await batch.get(id)) ?? before, actions: batch.actions() }
    })
    if (count(actions) > 0) deps.changed()
    return alert
  }

  const maxMs = options.maxShelveDays * DAY_MS
  const handle = (decide: Command['decide']) => (id: string, context: CommandContext) =>
    command({ id, context, permission: 'alert.handle', decide })
  return {
    applyFindings,
    noteRuleChange,
    sweep,
    acknowledge: handle(attention.acknowledge),
    unacknowledge: handle(attention.unacknowledge),
    reopen: handle(attention.reopen),
    clear: handle(attention.clear),
    shelve: (id, until, context) =>
      command({
        id,
        context,
        permission: 'alert.shelve',
        decide: (alert, doing) => attention.shelve(alert, until, { ...doing, maxMs }),
      }),
  }
}

interface Command {
  readonly id: string
  readonly context: CommandContext
  readonly permission: Permission
  readonly decide: (alert: Alert, doing: attention.Doing) => Decision
}

const doingOf = ({ actor, now, note }: CommandContext): attention.Doing => ({
  login: actor.login,
  now,
  note: note?.trim() ?? '',
})

/** Applies one finding; returns why it was ignored, or undefined. A new alert goes under its cause at once. */
async function applyOne(
  batch: Batch,
  finding: Finding,
  context: { readonly directory: Directory; readonly now: number },
): Promise<string | undefined> {
  const current = await batch.get(finding.episode)
  const facts = placeFacts(finding, context.directory)
  const outcome = applyFinding(current, finding, { facts, now: context.now })
  if (outcome.kind === 'ignored') return outcome.reason
  const heldBy = current ? outcome.alert.inhibitedBy : explainedBy(outcome.alert, await batch.open())
  await batch.put({ ...outcome, alert: { ...outcome.alert, inhibitedBy: heldBy } }, byRules)
  if (!current) await supersede(batch, outcome.alert, context.now)
  return undefined
}
