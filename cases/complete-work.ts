/** What was seen to be done is done: work orders end by the evidence of a device, without anybody having to say so. */
import type { Case, WorkOrder } from '../model/case.ts'
import type { Finding } from '../model/finding.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import { closeCase, followOrders } from './close-case.ts'
import { type Line, putOrder } from './ledger.ts'
import { isUnderWay, whyNotClose } from './transitions.ts'

/**
 * Ends the work on the alerts of the finding's device that it completes: orders under way are done, with what was seen
 * as their note, and a case that nothing keeps open any more is closed. `now`: hub clock, ms. Returns how many orders
 * were done by it.
 */
export async function completeWork(tx: RecordsTx, finding: Finding, now: number): Promise<number> {
  const { zh, en } = finding.reason
  const line: Line = { at: now, actor: 'rules', note: `${zh} · ${en}` }
  let count = 0
  for (const value of await tx.cases.open()) {
    if (value.device === finding.device && (await isAsked(tx, value, finding)))
      count += await complete(tx, value, line)
  }
  return count
}

async function isAsked(tx: RecordsTx, { alertId }: Case, { at, completes }: Finding): Promise<boolean> {
  const alert = alertId === null ? undefined : await tx.alerts.get(alertId)
  if (!alert || !completes?.includes(alert.rule)) return false
  // Told late: what has begun since and still lasts was not put right by it.
  return alert.condition !== 'active' || at >= alert.raisedAt
}

async function complete(tx: RecordsTx, value: Case, line: Line): Promise<number> {
  const busy = (await tx.workOrders.ofCase(value.id)).filter(isUnderWay)
  for (const order of busy) await putOrder(tx, doneBy(order, line), 'done', line)
  await followOrders(tx, value, line)
  const orders = await tx.workOrders.ofCase(value.id)
  const alert = value.alertId === null ? undefined : await tx.alerts.get(value.alertId)
  // As long as its alert is active a person has to look.
  if (!whyNotClose(orders, alert, line.note ?? '')) await closeCase(tx, value.id, line)
  return busy.length
}

const doneBy = (order: WorkOrder, { at, actor, note }: Line): WorkOrder => ({
  ...order,
  state: 'done',
  doneAt: at,
  doneBy: actor,
  doneNote: note,
  version: order.version + 1,
})
