/** A case (事件) is the file of one problem; a work order (工单) one task of one crew inside it. */
import type { AlertKind, Severity } from './severity.ts'
import type { Text } from './text.ts'

export const caseStates = ['open', 'done', 'closed'] as const
export type CaseState = (typeof caseStates)[number]

export const workOrderStates = ['assigned', 'accepted', 'arrived', 'done', 'closed', 'cancelled'] as const
export type WorkOrderState = (typeof workOrderStates)[number]

export interface Case {
  readonly id: string
  /** Short number for people, e.g. `20260301-0007`. */
  readonly number: string
  readonly source: 'alert' | 'resident' | 'grid-worker' | 'import' | 'preventive'
  readonly alertId: string | null
  readonly kind: AlertKind
  readonly severity: Severity
  readonly title: Text
  readonly site: string
  readonly grid: string | null
  readonly device: string | null
  readonly place: Text
  readonly state: CaseState
  readonly openedAt: number
  readonly openedBy: string
  /** Deadline (hub clock, ms) by severity. */
  readonly dueAt: number
  readonly closedAt: number | null
  readonly reopenedCount: number
  readonly version: number
}

export interface WorkOrder {
  readonly id: string
  readonly number: string
  readonly caseId: string
  readonly crew: string
  readonly state: WorkOrderState
  readonly title: Text
  readonly place: Text
  readonly severity: Severity
  readonly kind: AlertKind
  readonly site: string
  readonly device: string | null
  readonly instructions: string
  readonly dueAt: number
  readonly createdAt: number
  readonly createdBy: string
  readonly acceptedAt: number | null
  readonly acceptedBy: string | null
  readonly arrivedAt: number | null
  readonly doneAt: number | null
  readonly doneBy: string | null
  readonly doneNote: string | null
  readonly closedAt: number | null
  readonly version: number
}
