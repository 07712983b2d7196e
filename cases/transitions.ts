/** The life of a work order and of its case as data: from which states, to which, stamped how. */
import type { Case, CaseState, WorkOrder, WorkOrderState } from '../model/case.ts'
import type { RefusalReason } from '../model/refusal.ts'
import type { Permission } from '../model/user.ts'

export type OrderAction = 'accept' | 'arrive' | 'done' | 'cancel'

/** Words of the change log for work orders and cases. */
export type OrderLogWord = 'assigned' | 'accepted' | 'arrived' | 'done' | 'cancelled' | 'closed'
export type CaseLogWord =
  | 'opened'
  | 'happened-again'
  | 'severity-raised'
  | 'done'
  | 'resumed'
  | 'closed'
  | 'reopened'
/** Of an alert that became, or came to, a case. */
export type LinkLogWord = 'case-opened' | 'case-joined'

export interface Stamp {
  readonly now: number
  readonly login: string
  readonly note: string
}

interface Transition {
  readonly from: readonly WorkOrderState[]
  readonly to: WorkOrderState
  readonly word: OrderLogWord
  readonly permission: Permission
  /** Only who works the order itself: its crew, or the grid worker of its grid. */
  readonly ownOnly: boolean
  readonly noteRequired: boolean
  readonly stamp: (stamp: Stamp) => Partial<WorkOrder>
}

export const orderTransitions: Readonly<Record<OrderAction, Transition>> = {
  accept: {
    from: ['assigned'],
    to: 'accepted',
    word: 'accepted',
    permission: 'order.work',
    ownOnly: true,
    noteRequired: false,
    stamp: ({ now, login }) => ({ acceptedAt: now, acceptedBy: login }),
  },
  arrive: {
    from: ['accepted'],
    to: 'arrived',
    word: 'arrived',
    permission: 'order.work',
    ownOnly: true,
    noteRequired: false,
    stamp: ({ now }) => ({ arrivedAt: now }),
  },
  done: {
    from: ['arrived'],
    to: 'done',
    word: 'done',
    permission: 'order.work',
    ownOnly: true,
    noteRequired: true,
    stamp: ({ now, login, note }) => ({ doneAt: now, doneBy: login, doneNote: note }),
  },
  cancel: {
    from: ['assigned', 'accepted', 'arrived'],
    to: 'cancelled',
    word: 'cancelled',
    permission: 'case.dispatch',
    ownOnly: false,
    noteRequired: false,
    stamp: ({ now }) => ({ closedAt: now }),
  },
}

export type OrderDecision =
  | { readonly kind: 'changed'; readonly order: WorkOrder; readonly word: OrderLogWord }
  /** Done already: the same answer again. */
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly message: string }

/** Decides one step of one order; roles and notes are checked by the caller. */
export function moveOrder(order: WorkOrder, action: OrderAction, stamp: Stamp): OrderDecision {
  const { from, to, word, stamp: stamped } = orderTransitions[action]
  if (order.state === to) return { kind: 'same' }
  if (!from.includes(order.state)) {
    const message = `work order ${order.number} is ${order.state}; only ${from.join(' or ')} can become ${to}`
    return { kind: 'refused', message }
  }
  return {
    kind: 'changed',
    word,
    order: { ...order, ...stamped(stamp), state: to, version: order.version + 1 },
  }
}

const underWay: ReadonlySet<WorkOrderState> = new Set(['assigned', 'accepted', 'arrived'])

export function isUnderWay(order: WorkOrder): boolean {
  return underWay.has(order.state)
}

/** A case is done when nothing is under way and something was done since it was (re)opened. */
export function stateByOrders(orders: readonly WorkOrder[]): Exclude<CaseState, 'closed'> {
  if (orders.some(isUnderWay)) return 'open'
  return orders.some((order) => order.state === 'done') ? 'done' : 'open'
}

export interface Refusal {
  readonly reason: RefusalReason
  readonly message: string
}

/** Why a case cannot be closed now; undefined when it can. */
export function whyNotClose(
  orders: readonly WorkOrder[],
  alert: { readonly condition: string } | undefined,
  note: string,
): Refusal | undefined {
  const busy = orders.filter(isUnderWay).map((order) => order.number)
  if (busy.length > 0) {
    const message = `work order ${busy.join(', ')} is still under way; finish or cancel it first`
    return { reason: 'orders-under-way', message }
  }
  if (alert?.condition === 'active') {
    const message =
      'the condition of its alert is still active; it must clear, or be cleared by a person, first'
    return { reason: 'alert-active', message }
  }
  if (!orders.some((order) => order.state === 'done') && note === '')
    return { reason: 'note-missing', message: 'no work order was done; closing needs a note that says why' }
  return undefined
}

/** The case as of now, one version on. */
export function moveCase(value: Case, patch: Partial<Case>): Case {
  return { ...value, ...patch, version: value.version + 1 }
}
