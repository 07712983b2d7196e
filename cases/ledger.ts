/** Writes cases, orders and alerts together with their line in the change log, within one transaction. */
import type { Alert } from '../model/alert.ts'
import type { Case, WorkOrder } from '../model/case.ts'
import { LinliError } from '../model/errors.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import type { CaseLogWord, LinkLogWord, OrderLogWord } from './transitions.ts'

export interface Line {
  /** Hub clock, ms. */
  readonly at: number
  readonly actor: string
  readonly note: string | null
}

export async function putCase(tx: RecordsTx, value: Case, action: CaseLogWord, line: Line): Promise<void> {
  await tx.cases.put(value)
  await tx.changes.append({ entity: 'case', action, after: value, ...line })
}

export async function putOrder(
  tx: RecordsTx,
  value: WorkOrder,
  action: OrderLogWord,
  line: Line,
): Promise<void> {
  await tx.workOrders.put(value)
  await tx.changes.append({ entity: 'workOrder', action, after: value, ...line })
}

/** Ties the alert to its case: all this room ever changes of an alert. */
export async function linkAlert(
  tx: RecordsTx,
  alert: Alert,
  { caseId, action, line }: { caseId: string; action: LinkLogWord; line: Line },
): Promise<void> {
  const after: Alert = { ...alert, caseId, version: alert.version + 1 }
  await tx.alerts.put(after)
  await tx.changes.append({ entity: 'alert', action, after, ...line })
}

/** @throws LinliError NOT_FOUND */
export async function getCase(tx: RecordsTx, id: string): Promise<Case> {
  const found = await tx.cases.get(id)
  if (!found) throw new LinliError('NOT_FOUND', `there is no case ${id}`)
  return found
}

/** @throws LinliError NOT_FOUND */
export async function getOrder(tx: RecordsTx, id: string): Promise<WorkOrder> {
  const found = await tx.workOrders.get(id)
  if (!found) throw new LinliError('NOT_FOUND', `there is no work order ${id}`)
  return found
}

/** @throws LinliError NOT_FOUND */
export async function getAlert(tx: RecordsTx, id: string): Promise<Alert> {
  const found = await tx.alerts.get(id)
  if (!found) throw new LinliError('NOT_FOUND', `there is no alert ${id}`)
  return found
}
