/** New cases and work orders, as values. */
import type { Alert } from '../model/alert.ts'
import type { Case, WorkOrder } from '../model/case.ts'

export interface Opening {
  readonly now: number
  readonly login: string
  /** Hub clock, ms. */
  readonly dueAt: number
}

/** The number is also the id: unique, and what people say. */
export function caseOfAlert(alert: Alert, number: string, { now, login, dueAt }: Opening): Case {
  return {
    id: number,
    number,
    source: 'alert',
    alertId: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    title: alert.title,
    site: alert.site,
    grid: alert.grid,
    device: alert.device,
    place: alert.place,
    state: 'open',
    openedAt: now,
    openedBy: login,
    dueAt,
    closedAt: null,
    reopenedCount: 0,
    version: 1,
  }
}

export interface OrderPlan extends Opening {
  readonly crew: string
  readonly instructions: string
  /** 1 for the first order of the case. */
  readonly index: number
}

export function orderOfCase(value: Case, plan: OrderPlan): WorkOrder {
  const number = `${value.number}-${plan.index}`
  return {
    id: number,
    number,
    caseId: value.id,
    crew: plan.crew,
    state: 'assigned',
    title: value.title,
    place: value.place,
    severity: value.severity,
    kind: value.kind,
    site: value.site,
    device: value.device,
    instructions: plan.instructions,
    dueAt: plan.dueAt,
    createdAt: plan.now,
    createdBy: plan.login,
    acceptedAt: null,
    acceptedBy: null,
    arrivedAt: null,
    doneAt: null,
    doneBy: null,
    doneNote: null,
    closedAt: null,
    version: 1,
  }
}
