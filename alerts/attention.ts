/** Commands of people on one alert, as pure decisions. */
import type { Alert } from '../model/alert.ts'
import { changed, cleared, type Decision, reactivated, refused, same, unseen } from './step.ts'

/** Who acts, when (hub clock, ms); `note` is trimmed text or empty. */
export interface ActionContext {
  readonly login: string
  readonly now: number
  readonly note: string
}

export function acknowledge(alert: Alert, { login, now }: ActionContext): Decision {
  if (alert.attention === 'acknowledged') return same
  return changed(alert, 'acknowledged', seen(login, now))
}

export function unacknowledge(alert: Alert): Decision {
  if (alert.attention === 'unacknowledged') return same
  return changed(alert, 'unacknowledged', unseen)
}

/** Until `until` (ms), at most `maxMs` ahead. A critical alert cannot be shelved (promise 7). */
export function shelve(
  alert: Alert,
  until: number,
  context: ActionContext & { readonly maxMs: number },
): Decision {
  if (context.note === '')
    return refused('INVALID_INPUT', 'note-missing', 'shelving needs a note that says why')
  if (until <= context.now)
    return refused('INVALID_INPUT', 'shelf-in-past', 'the end of shelving must be in the future')
  if (until - context.now > context.maxMs)
    return refused(
      'INVALID_INPUT',
      'shelf-too-long',
      `shelving ends within ${Math.round(context.maxMs / 86_400_000)} days at most`,
    )
  if (alert.condition === 'cleared')
    return refused(
      'CONFLICT',
      'alert-over',
      'the condition has cleared; acknowledge the alert instead of shelving it',
    )
  if (alert.severity === 'critical')
    return refused('CONFLICT', 'alert-critical', 'a critical alert cannot be shelved')
  if (alert.shelvedUntil === until && alert.shelvedReason === context.note) return same
  return changed(alert, 'shelved', { shelvedUntil: until, shelvedReason: context.note })
}

/** Active again although the device reports that the condition has cleared. */
export function reopen(alert: Alert, { note }: ActionContext): Decision {
  if (note === '') return refused('INVALID_INPUT', 'note-missing', 'reopening needs a note that says why')
  if (alert.condition === 'active') return refused('CONFLICT', 'alert-active', 'the alert is active already')
  return changed(alert, 'reopened', reactivated(alert))
}

/** Cleared by a person who has looked, which also acknowledges it. */
export function clear(alert: Alert, context: ActionContext): Decision {
  if (context.note === '')
    return refused('INVALID_INPUT', 'note-missing', 'clearing needs a note that says what was found')
  if (alert.condition === 'cleared')
    return refused('CONFLICT', 'alert-over', 'the condition has cleared already')
  const attention = alert.attention === 'acknowledged' ? {} : seen(context.login, context.now)
  return changed(alert, 'cleared', { ...cleared(context.now), ...attention })
}

const seen = (login: string, now: number): Partial<Alert> => ({
  attention: 'acknowledged',
  acknowledgedAt: now,
  acknowledgedBy: login,
})
