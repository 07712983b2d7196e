/** From an alert to a work order: opens the case when there is none, takes up a finished one again. */
import type { Alert } from '../model/alert.ts'
import type { Case, WorkOrder } from '../model/case.ts'
import { LinliError } from '../model/errors.ts'
import type { CommandContext } from '../model/ports/commands.ts'
import type { Crew, Directory } from '../model/ports/directory.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import { getAlert, getCase, type Line, linkAlert, putCase, putOrder } from './ledger.ts'
import { nextCaseNumber } from './numbers.ts'
import { caseOfAlert, orderOfCase } from './open-case.ts'
import { type CaseOptions, dueAt, urgencyOf } from './options.ts'
import { isUnderWay, moveCase } from './transitions.ts'

export interface DispatchOrder {
  readonly alertId: string
  readonly crew: string
  readonly instructions: string
}

export interface DispatchDeps {
  readonly directory: Directory
  readonly options: CaseOptions
}

interface Work extends DispatchDeps {
  readonly tx: RecordsTx
  readonly context: CommandContext
  readonly line: Line
}

/** One transaction's worth of dispatching. @throws LinliError NOT_FOUND, INVALID_INPUT, CONFLICT */
export async function dispatchOrder(
  order: DispatchOrder,
  work: Work,
): Promise<{ case: Case; workOrder: WorkOrder }> {
  const { tx, context, line } = work
  const alert = await getAlert(tx, order.alertId)
  checkCrew(order.crew, alert, work.directory)
  if (alert.retracted)
    throw new LinliError('CONFLICT', 'the alert was retracted; there is nothing to repair', {
      reason: 'alert-retracted',
    })
  const value = alert.caseId ? await takeUp(alert.caseId, alert, work) : await openCase(alert, work)
  const orders = await tx.workOrders.ofCase(value.id)
  const busy = orders.find((one) => one.crew === order.crew && isUnderWay(one))
  if (busy)
    throw new LinliError(
      'CONFLICT',
      `crew ${order.crew} is at work on it already (work order ${busy.number})`,
      { reason: 'crew-at-work' },
    )
  const workOrder = orderOfCase(value, {
    now: context.now,
    login: context.actor.login,
    dueAt: dueAt(value.severity, context.now, work.options),
    crew: order.crew,
    instructions: order.instructions.trim(),
    index: orders.length + 1,
  })
  await putOrder(tx, workOrder, 'assigned', line)
  return { case: value, workOrder }
}

function checkCrew(id: string, alert: Alert, directory: Directory): Crew {
  const crew = directory.crew(id)
  if (!crew) throw new LinliError('INVALID_INPUT', `there is no crew ${id}`, { reason: 'crew-unknown' })
  if (crew.site !== null && crew.site !== alert.site)
    throw new LinliError(
      'INVALID_INPUT',
      `crew ${id} works at site ${crew.site}, the alert is at ${alert.site}`,
      { reason: 'crew-of-other-site' },
    )
  return crew
}

async function openCase(alert: Alert, work: Work): Promise<Case> {
  const { tx, context, line } = work
  const timeZone = work.directory.site(alert.site)?.timeZone ?? 'UTC'
  const value = caseOfAlert(alert, await nextCaseNumber(tx, context.now, timeZone), {
    now: context.now,
    login: context.actor.login,
    dueAt: dueAt(alert.severity, context.now, work.options),
  })
  await putCase(tx, value, 'opened', line)
  await linkAlert(tx, alert, { caseId: value.id, action: 'case-opened', line })
  return value
}

/**
 * A case that was done or closed is open again once another order is given in it. What has become worse since it was
 * opened (a bin that now burns) makes the whole case as severe and as urgent.
 */
async function takeUp(caseId: string, alert: Alert, { tx, context, line, options }: Work): Promise<Case> {
  const value = await getCase(tx, caseId)
  const urgency = urgencyOf(value, alert, { options, now: context.now })
  if (value.state === 'open') {
    if (!urgency) return value
    const after = moveCase(value, urgency)
    await putCase(tx, after, 'severity-raised', line)
    return after
  }
  const wasClosed = value.state === 'closed'
  const reopenedCount = value.reopenedCount + (wasClosed ? 1 : 0)
  const after = moveCase(value, { ...urgency, state: 'open', closedAt: null, reopenedCount })
  await putCase(tx, after, wasClosed ? 'reopened' : 'resumed', line)
  return after
}
