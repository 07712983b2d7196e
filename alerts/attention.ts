/** What people may do to an alert, as pure decisions: from which state, to which. */
import type { Alert } from '../model/alert.ts'
import { backAgain, changed, type Decision, over, refused, same, unseen } from './step.ts'

/** Who and when; `note` is trimmed text or empty. */
export interface Doing {
  readonly login: string
  readonly now: number
  readonly note: string
}

export function acknowledge(alert: Alert, { login, now }: Doing): Decision {
  if (alert.attention === 'acknowledged') return same
  return changed(alert, 'acknowledged', seen(login, now))
}

export function unacknowledge(alert: Alert): Decision {
  if (alert.attention === 'unacknowledged') return same
  return changed(alert, 'unacknowledged', unseen)
}

/** `until` in ms; at most `maxMs` away. A critical alert stays where everybody sees it (promise 7). */
export function shelve(alert: Alert, until: number, doing: Doing & { readonly maxMs: number }): Decision {
  if (doing.note === '')
    return refused('INVALID_INPUT', 'note-missing', 'shelving needs a note that says why')
  if (until <= doing.now)
    return refused('INVALID_INPUT', 'shelf-in-past', 'the end of shelving must be in the future')
  if (until - doing.now > doing.maxMs)
    return refused(
      'INVALID_INPUT',
      'shelf-too-long',
      `shelving ends within ${Math.round(doing.maxMs / 86_400_000)} days at most`,
    )
  if (alert.condition === 'cleared')
    return refused(
      'CONFLICT',
      'alert-over',
      'the condition is over; acknowledge the alert instead of shelving it',
    )
  if (alert.severity === 'critical')
    return refused('CONFLICT', 'alert-critical', 'a critical alert cannot be shelved')
  if (alert.shelvedUntil === until && alert.shelvedReason === doing.note) return same
  return changed(alert, 'shelved', { shelvedUntil: until, shelvedReason: doing.note })
}

/** Back to active although the device says it is over. */
export function reopen(alert: Alert, { note }: Doing): Decision {
  if (note === '') return refused('INVALID_INPUT', 'note-missing', 'reopening needs a note that says why')
  if (alert.condition === 'active') return refused('CONFLICT', 'alert-active', 'the alert is active already')
  return changed(alert, 'reopened', backAgain(alert))
}

/** Over because a person has looked; whoever says so has seen it. */
export function clear(alert: Alert, doing: Doing): Decision {
  if (doing.note === '')
    return refused('INVALID_INPUT', 'note-missing', 'clearing needs a note that says what was found')
  if (alert.condition === 'cleared') return refused('CONFLICT', 'alert-over', 'the condition is over already')
  const attention = alert.attention === 'acknowledged' ? {} : seen(doing.login, doing.now)
  return changed(alert, 'cleared', { ...over(doing.now), ...attention })
}

const seen = (login: string, now: number): Partial<Alert> => ({
  attention: 'acknowledged',
  acknowledgedAt: now,
  acknowledgedBy: login,
})
