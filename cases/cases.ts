/** The cases room: alerts become cases and work orders, crews work them, a person closes them. */
import type { Case, WorkOrder } from '../model/case.ts'
import type { Clock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { CaseCommands, CommandContext } from '../model/ports/commands.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records, RecordsTx } from '../model/ports/records.ts'
import type { Permission } from '../model/user.ts'
import { requireOwnOrder, requirePermission } from './access.ts'
import { closeCase, closeDone, followOrders } from './close-case.ts'
import { completeWork } from './complete-work.ts'
import { dispatchOrder } from './dispatch.ts'
import { joinCase } from './join-case.ts'
import { getCase, getOrder, type Line, putCase, putOrder } from './ledger.ts'
import type { CaseOptions } from './options.ts'
import { moveCase, moveOrder, type OrderAction, orderTransitions } from './transitions.ts'

export interface CasesDeps {
  readonly records: Records
  /** The directory of this moment; the community file may be reloaded. */
  directory(): Directory
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Called after a commit of this room, so that the live feed looks. */
  changed(): void
}

export interface Cases extends CaseCommands {
  /** Findings join the open case of the same fault; work that they show to be done is done by itself. Within the caller's transaction; the caller wakes the feed. */
  applyFindings(tx: RecordsTx, findings: readonly Finding[]): Promise<void>
}

export function createCases(options: CaseOptions, deps: CasesDeps): Cases {
  const done = deps.metrics.counter('linli_case_commands_total', 'Commands on cases and work orders', [
    'command',
  ])

  /** Checks the role, runs the work in one transaction, tells. */
  async function command<T>(order: Command<T>): Promise<T> {
    requirePermission(order.context.actor, order.permission)
    const line = lineOf(order.context)
    const result = await deps.records.transaction((tx) => order.work(tx, line))
    done.add({ command: order.name })
    deps.logger.debug({ command: order.name, actor: line.actor }, 'case command')
    deps.changed()
    return result
  }

  const move = (action: OrderAction) => (id: string, context: CommandContext) =>
    command({
      name: action,
      permission: orderTransitions[action].permission,
      context,
      work: (tx, line) => stepOrder(tx, { id, action, context, line }),
    })

  return {
    async applyFindings(tx, findings) {
      for (const finding of findings) {
        if (finding.change !== 'began') continue
        if (
          finding.sameCase !== undefined &&
          (await joinCase(tx, finding, { options, now: deps.clock.now() }))
        )
          done.add({ command: 'join' })
        if (!finding.completes) continue
        const orders = await completeWork(tx, finding, deps.clock.now())
        if (orders > 0) done.add({ command: 'complete' }, orders)
      }
    },
    dispatch: (alertId, order, context) =>
      command({
        name: 'dispatch',
        permission: 'case.dispatch',
        context,
        work: (tx, line) =>
          dispatchOrder({ alertId, ...order }, { tx, context, line, directory: deps.directory(), options }),
      }),
    accept: move('accept'),
    arrive: move('arrive'),
    done: move('done'),
    cancel: move('cancel'),
    close: (id, context) =>
      command({
        name: 'close',
        permission: 'case.close',
        context,
        work: (tx, line) => closeCase(tx, id, line),
      }),
    reopen: (id, context) =>
      command({
        name: 'reopen',
        permission: 'case.dispatch',
        context,
        work: (tx, line) => reopenCase(tx, id, line),
      }),
  }
}

interface Command<T> {
  readonly name: string
  readonly permission: Permission
  readonly context: CommandContext
  readonly work: (tx: RecordsTx, line: Line) => Promise<T>
}

const lineOf = ({ actor, now, note }: CommandContext): Line => ({
  at: now,
  actor: actor.login,
  note: note?.trim() || null,
})

interface OrderStep {
  readonly id: string
  readonly action: OrderAction
  readonly context: CommandContext
  readonly line: Line
}

async function stepOrder(tx: RecordsTx, { id, action, context, line }: OrderStep): Promise<WorkOrder> {
  const transition = orderTransitions[action]
  const order = await getOrder(tx, id)
  const ofCase = await getCase(tx, order.caseId)
  if (transition.ownOnly) requireOwnOrder(context.actor, order, ofCase)
  const note = line.note ?? ''
  if (transition.noteRequired && note === '')
    throw new LinliError('INVALID_INPUT', 'a note is needed that says what was done', {
      reason: 'note-missing',
    })
  const decision = moveOrder(order, action, { now: context.now, login: line.actor, note })
  if (decision.kind === 'same') return order
  if (decision.kind === 'refused')
    throw new LinliError('CONFLICT', decision.message, { reason: 'order-moved-on' })
  await putOrder(tx, decision.order, decision.word, line)
  await followOrders(tx, ofCase, line)
  return decision.order
}

async function reopenCase(tx: RecordsTx, id: string, line: Line): Promise<Case> {
  if (line.note === null)
    throw new LinliError('INVALID_INPUT', 'reopening needs a note that says why', { reason: 'note-missing' })
  const value = await getCase(tx, id)
  if (value.state === 'open')
    throw new LinliError('CONFLICT', `case ${value.number} is open already`, { reason: 'case-open' })
  // What was done did not put it right: those orders are over and no longer count as the case's work.
  await closeDone(tx, await tx.workOrders.ofCase(id), line)
  const reopenedCount = value.reopenedCount + 1
  const open = moveCase(value, { state: 'open', closedAt: null, reopenedCount })
  await putCase(tx, open, 'reopened', line)
  return open
}
