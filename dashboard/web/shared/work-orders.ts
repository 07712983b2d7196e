/** Work orders: next step of the crew and order of its list. Pure. */
import type { WorkOrder, WorkOrderState } from '../../../model/case.ts'
import { severityRank } from '../../../model/severity.ts'

export interface OrderLists {
  /** In progress, earliest deadline first. */
  readonly open: readonly WorkOrder[]
  /** Done and waiting for the case to be closed, latest first. */
  readonly finished: readonly WorkOrder[]
}

export function listOrders(orders: Iterable<WorkOrder>): OrderLists {
  const all = [...orders]
  return {
    open: all
      .filter(isInProgress)
      .sort((a, b) => a.dueAt - b.dueAt || severityRank(a.severity) - severityRank(b.severity)),
    finished: all.filter((order) => order.state === 'done').sort((a, b) => (b.doneAt ?? 0) - (a.doneAt ?? 0)),
  }
}

export type OrderStep = 'accept' | 'arrive' | 'done'

/** The crew's next step; null when there is none. */
export function nextStep(state: WorkOrderState): OrderStep | null {
  switch (state) {
    case 'assigned':
      return 'accept'
    case 'accepted':
      return 'arrive'
    case 'arrived':
      return 'done'
    case 'done':
    case 'closed':
    case 'cancelled':
      return null
  }
}

/** True until the crew has finished: assigned, accepted or arrived. */
export const isInProgress = (order: WorkOrder): boolean => nextStep(order.state) !== null
