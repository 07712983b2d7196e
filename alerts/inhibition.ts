/** Which alert of a common cause explains another one (promise 6). Pure. */
import type { Alert } from '../model/alert.ts'

/**
 * The id of the alert that holds `alert`, or null. A critical alert is never held (promise 7); one that is over is not
 * asked about. Of several causes the earliest holds, so that the answer does not depend on the order of arrival.
 */
export function explainedBy(alert: Alert, open: ReadonlyMap<string, Alert>): string | null {
  if (alert.severity === 'critical' || alert.condition !== 'active') return null
  let best: Alert | undefined
  for (const cause of open.values()) {
    if (!explains(cause, alert) || hangsUnder(cause, alert.id, open)) continue
    if (!best || isEarlier(cause, best)) best = cause
  }
  return best?.id ?? null
}

function explains(cause: Alert, alert: Alert): boolean {
  return (
    cause.inhibits.length > 0 &&
    cause.condition === 'active' &&
    cause.id !== alert.id &&
    cause.inhibits.includes(alert.rule) &&
    alert.devices.every((device) => cause.devices.includes(device))
  )
}

/** A circle of causes would hide all of its members, so a cause that hangs under the alert itself cannot hold it. */
function hangsUnder(cause: Alert, id: string, open: ReadonlyMap<string, Alert>): boolean {
  const seen = new Set<string>()
  for (
    let next = cause.inhibitedBy;
    next !== null && !seen.has(next);
    next = open.get(next)?.inhibitedBy ?? null
  ) {
    if (next === id) return true
    seen.add(next)
  }
  return false
}

const isEarlier = (a: Alert, b: Alert): boolean =>
  a.raisedAt < b.raisedAt || (a.raisedAt === b.raisedAt && a.id < b.id)
