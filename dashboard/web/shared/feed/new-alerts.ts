/** Which alerts are new compared with the former state. Pure. */
import type { Alert } from '../../../../model/alert.ts'

export type AlertMap = ReadonlyMap<string, Alert>

/** True when the alert is shown only under its cause; a critical alert never is. */
export const isInhibited = (alert: Alert): boolean =>
  alert.inhibitedBy !== null && alert.severity !== 'critical'

/** Unacknowledged, not shelved and not inhibited. */
export function needsAttention(alert: Alert, now: number): boolean {
  if (alert.attention === 'acknowledged' || isInhibited(alert)) return false
  return alert.shelvedUntil === null || alert.shelvedUntil <= now
}

/** Alerts that need attention in `next` but not in `before`, or have become critical. */
export function findNewAlerts(before: AlertMap, next: AlertMap, now: number): Alert[] {
  return [...next.values()].filter((alert) => {
    if (!needsAttention(alert, now)) return false
    const former = before.get(alert.id)
    if (!former || !needsAttention(former, now)) return true
    return alert.severity === 'critical' && former.severity !== 'critical'
  })
}
