/** What time alone does to an alert: a shelf ends, an acknowledgement lapses. Pure. */
import type { Alert } from '../model/alert.ts'
import type { AlertOptions } from './options.ts'
import { type Changed, changed, unseen } from './step.ts'

/**
 * A time further ahead than this was written by a clock that has been set back since. What rests on it is over: it would
 * hide an alert for as long as the clock was wrong.
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
  // What is held is listed under its cause, whose own acknowledgement lapses.
  if (alert.inhibitedBy !== null || alert.acknowledgedAt === null) return undefined
  const age = now - alert.acknowledgedAt
  if (age < acknowledgementMs(alert, minutes) && age > -clockSlackMs) return undefined
  return changed(alert, 'acknowledgement-expired', unseen)
}

/** The shorter of what its kind and its severity allow, in ms. */
export function acknowledgementMs(alert: Pick<Alert, 'kind' | 'severity'>, minutes: Minutes): number {
  const { severity } = alert
  const bySeverity = severity === 'critical' || severity === 'high' ? minutes[severity] : minutes.other
  return (alert.kind === 'welfare' ? Math.min(minutes.welfare, bySeverity) : bySeverity) * 60_000
}
