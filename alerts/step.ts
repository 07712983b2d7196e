/** The result of a decision about one alert: a change, nothing to do, or a refusal with its reason. */
import type { Alert } from '../model/alert.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { RefusalReason } from '../model/refusal.ts'

/** Actions of the change log; stored, so an action is never renamed without a migration. */
export type AlertAction =
  | 'raised'
  | 'severity-raised'
  | 'severity-lowered'
  | 'cleared'
  | 'reopened'
  | 'corrected'
  | 'retracted'
  | 'inhibited'
  | 'released'
  | 'acknowledged'
  | 'unacknowledged'
  | 'acknowledgement-expired'
  | 'shelved'
  | 'unshelved'
  | 'superseded'
  | 'rule-changed'

export interface Changed {
  readonly kind: 'changed'
  readonly alert: Alert
  readonly action: AlertAction
}

/** The alert is in the requested state already; nothing is written. */
export interface Same {
  readonly kind: 'same'
}

export interface Refused {
  readonly kind: 'refused'
  readonly code: Extract<ErrorCode, 'CONFLICT' | 'INVALID_INPUT'>
  readonly reason: RefusalReason
  readonly message: string
}

export type Decision = Changed | Same | Refused

export const same: Same = { kind: 'same' }

/** The alert with `patch` applied and its version incremented. */
export function changed(alert: Alert, action: AlertAction, patch: Partial<Alert>): Changed {
  return { kind: 'changed', action, alert: { ...alert, ...patch, version: alert.version + 1 } }
}

export function refused(code: Refused['code'], reason: RefusalReason, message: string): Refused {
  return { kind: 'refused', code, reason, message }
}

/** The condition has cleared; a shelf ends with it (peers.md P7). */
export function cleared(clearedAt: number): Partial<Alert> {
  return { condition: 'cleared', clearedAt, shelvedUntil: null, shelvedReason: null }
}

/** A person has to look at it (again). */
export const unseen: Partial<Alert> = {
  attention: 'unacknowledged',
  acknowledgedAt: null,
  acknowledgedBy: null,
}

/** The condition is active again after it had cleared. */
export function reactivated(alert: Alert): Partial<Alert> {
  return {
    ...unseen,
    condition: 'active',
    clearedAt: null,
    retracted: false,
    inhibitedBy: null,
    reopenedCount: alert.reopenedCount + 1,
  }
}
