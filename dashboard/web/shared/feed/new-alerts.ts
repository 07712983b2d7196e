/** Which alerts are new to the person at the screen, compared with what was shown before. Pure. */
import type { Alert } from '../../../../model/alert.ts'

export type AlertMap = ReadonlyMap<string, Alert>

/** A critical alert speaks for itself even under a common cause; others under one do not. */
export const isHeldAway = (alert: Alert): boolean =>
  alert.inhibitedBy !== null && alert.severity !== 'critical'

/** Asks for a person now: not seen by anyone, not put aside, not explained by another alert. */
export function wantsAttention(alert: Alert, now: number): boolean {
  if (alert.attention === 'acknowledged' || isHeldAway(alert)) return false
  return alert.shelvedUntil === null || alert.shelvedUntil <= now
}

/** Alerts that want attention in `next` and did not in `before` (raised, reopened, taken back, grown worse). */
export function arrivals(before: AlertMap, next: AlertMap, now: number): Alert[] {
  return [...next.values()].filter((alert) => {
    if (!wantsAttention(alert, now)) return false
    const former = before.get(alert.id)
    if (!former || !wantsAttention(former, now)) return true
    return alert.severity === 'critical' && former.severity !== 'critical'
  })
}
