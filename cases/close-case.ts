/** How a case follows its work orders, and ends. */
import type { Case, WorkOrder } from '../model/case.ts'
import { LinliError } from '../model/errors.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import { getCase, type Line, putCase, putOrder } from './ledger.ts'
import { moveCase, stateByOrders, whyNotClose } from './transitions.ts'

/** The case's state follows from its orders. */
export async function followOrders(tx: RecordsTx, value: Case, line: Line): Promise<void> {
  const state = stateByOrders(await tx.workOrders.ofCase(value.id))
  if (state === value.state || value.state === 'closed') return
  await putCase(tx, moveCase(value, { state }), state === 'done' ? 'done' : 'resumed', line)
}

export async function closeCase(tx: RecordsTx, id: string, line: Line): Promise<Case> {
  const value = await getCase(tx, id)
  if (value.state === 'closed') return value
  const orders = await tx.workOrders.ofCase(id)
  const alert = value.alertId === null ? undefined : await tx.alerts.get(value.alertId)
  const why = whyNotClose(orders, alert, line.note ?? '')
  if (why) throw new LinliError('CONFLICT', why.message, { reason: why.reason })
  await closeDone(tx, orders, line)
  const closed = moveCase(value, { state: 'closed', closedAt: line.at })
  await putCase(tx, closed, 'closed', line)
  return closed
}

export async function closeDone(tx: RecordsTx, orders: readonly WorkOrder[], line: Line): Promise<void> {
  for (const order of orders) {
    if (order.state !== 'done') continue
    const closed: WorkOrder = { ...order, state: 'closed', closedAt: line.at, version: order.version + 1 }
    await putOrder(tx, closed, 'closed', line)
  }
}
