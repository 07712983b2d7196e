/** Changes of an alert by time alone: a shelf ends, an acknowledgement lapses. Pure. */
import type { Alert } from '../model/alert.ts'
import type { AlertOptions } from './options.ts'
import { type Changed, changed, unseen } from './step.ts'

/**
 * A time further ahead than this was written before the clock was moved back. What depends on it ends at once; otherwise
 * it would hide an alert for as long as the clock was wrong.
 */
export const clockSlackMs = 120_000

type Minutes = AlertOptions['acknowledgementMinutes']

/** The change that is due at `now` (hub clock, ms), or undefined. */
export function expire(alert: Alert, now: number, minutes: Minutes): Changed | undefined {
  if (alert.condition !== 'active') return undefined
  if (alert.shelvedUntil !== null) {
    if (now < alert.shelvedUntil) return undefined
    return changed(alert, 'unshelved', { ...unseen, shelvedUntil: null, shelvedReason: null })
  }
  // An inhibited alert is listed under its cause, whose own acknowledgement lapses.
  if (alert.inhibitedBy !== null || alert.acknowledgedAt === null) return undefined
  const age = now - alert.acknowledgedAt
  if (age < acknowledgementMs(alert, minutes) && age > -clockSlackMs) return undefined
  return changed(alert, 'acknowledgement-expired', unseen)
}

/** The shorter of the limits for its kind and its severity, ms. */
export function acknowledgementMs(alert: Pick<Alert, 'kind' | 'severity'>, minutes: Minutes): number {
  const { severity } = alert
  const bySeverity = severity === 'critical' || severity === 'high' ? minutes[severity] : minutes.other
  return (alert.kind === 'welfare' ? Math.min(minutes.welfare, bySeverity) : bySeverity) * 60_000
}
