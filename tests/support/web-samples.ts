/** Alerts, cases, work orders and changes for tests of the web apps. */
import type { Alert } from '../../model/alert.ts'
import type { Case, WorkOrder } from '../../model/case.ts'
import type { ChangeOf } from '../../model/change.ts'

const text = (words: string) => ({ zh: words, en: words })

export function sampleAlert(patch: Partial<Alert> = {}): Alert {
  return {
    id: 'a1',
    rule: 'lamp-dark',
    ref: 'L2',
    kind: 'maintenance',
    severity: 'medium',
    title: text('title'),
    reason: text('reason'),
    site: 'east',
    grid: null,
    device: 'lamp-1',
    deviceType: 'streetlight',
    devices: [],
    place: text('place'),
    condition: 'active',
    attention: 'unacknowledged',
    raisedAt: 1_000,
    clearedAt: null,
    firstSeenAt: 1_000,
    retracted: false,
    lateBy: 0,
    acknowledgedAt: null,
    acknowledgedBy: null,
    shelvedUntil: null,
    shelvedReason: null,
    reopenedCount: 0,
    inhibitedBy: null,
    inhibits: [],
    caseId: null,
    evidence: {},
    version: 1,
    ...patch,
  }
}

export const acknowledged = {
  attention: 'acknowledged',
  acknowledgedAt: 2_000,
  acknowledgedBy: 'duty',
} as const

export function sampleOrder(patch: Partial<WorkOrder> = {}): WorkOrder {
  return {
    id: 'w1',
    number: '20260301-0001-1',
    caseId: 'c1',
    crew: 'crew-1',
    state: 'assigned',
    title: text('title'),
    place: text('place'),
    severity: 'medium',
    kind: 'maintenance',
    site: 'east',
    device: null,
    instructions: '',
    dueAt: 10_000,
    createdAt: 1_000,
    createdBy: 'duty',
    acceptedAt: null,
    acceptedBy: null,
    arrivedAt: null,
    doneAt: null,
    doneBy: null,
    doneNote: null,
    closedAt: null,
    version: 1,
    ...patch,
  }
}

export function sampleCase(patch: Partial<Case> = {}): Case {
  return {
    id: 'c1',
    number: '20260301-0001',
    source: 'alert',
    alertId: 'a1',
    kind: 'maintenance',
    severity: 'medium',
    title: text('title'),
    site: 'east',
    grid: null,
    device: null,
    place: text('place'),
    state: 'open',
    openedAt: 1_000,
    openedBy: 'duty',
    dueAt: 10_000,
    closedAt: null,
    reopenedCount: 0,
    version: 1,
    ...patch,
  }
}

export function alertChange(seq: number, after: Alert, prevSeq = seq - 1): ChangeOf<'alert'> {
  return { seq, prevSeq, at: seq, entity: 'alert', action: 'raised', actor: 'rules', note: null, after }
}

export const alertMap = (...alerts: readonly Alert[]): ReadonlyMap<string, Alert> =>
  new Map(alerts.map((alert) => [alert.id, alert]))
