/** What a decision about one alert comes to: a change, nothing to do, or a refusal with its reason. */
import type { Alert } from '../model/alert.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { RefusalReason } from '../model/refusal.ts'

/** Words of the change log. A word is added here, never written elsewhere. */
export type AlertAction =
  | 'raised'
  | 'severity-raised'
  | 'severity-lowered'
  | 'cleared'
  | 'reopened'
  | 'corrected'
  | 'retracted'
  | 'held'
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

/** The alert is as asked already: the same answer again, nothing written. */
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

/** The alert with `patch` applied, one version on. */
export function changed(alert: Alert, action: AlertAction, patch: Partial<Alert>): Changed {
  return { kind: 'changed', action, alert: { ...alert, ...patch, version: alert.version + 1 } }
}

export function refused(code: Refused['code'], reason: RefusalReason, message: string): Refused {
  return { kind: 'refused', code, reason, message }
}

/** The condition is over: nothing is left to put aside, so a shelf ends with it (peers.md P7). */
export function over(clearedAt: number): Partial<Alert> {
  return { condition: 'cleared', clearedAt, shelvedUntil: null, shelvedReason: null }
}

/** Somebody has to look (again). */
export const unseen: Partial<Alert> = {
  attention: 'unacknowledged',
  acknowledgedAt: null,
  acknowledgedBy: null,
}

/** The condition holds (again) after it was said to be over. */
export function backAgain(alert: Alert): Partial<Alert> {
  return {
    ...unseen,
    condition: 'active',
    clearedAt: null,
    retracted: false,
    inhibitedBy: null,
    reopenedCount: alert.reopenedCount + 1,
  }
}
