/** Which alerts the list shows and in which order. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import { alertKinds, severityRank } from '../../../../model/severity.ts'
import { isHeldAway } from '../../shared/feed/new-alerts.ts'

export interface AlertLists {
  /** The list proper, most pressing first. */
  readonly rows: readonly Alert[]
  /** Cause id -> alerts explained by it, in the same order. */
  readonly held: ReadonlyMap<string, readonly Alert[]>
  /** Put aside by a person, soonest back first. */
  readonly shelved: readonly Alert[]
}

/**
 * Unacknowledged first, then severity, then kind (people before things), then the oldest: newest-first would push the
 * longest-unhandled alert off the screen.
 */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(a.attention === 'acknowledged') - Number(b.attention === 'acknowledged') ||
    severityRank(a.severity) - severityRank(b.severity) ||
    alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind) ||
    a.raisedAt - b.raisedAt ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  )
}

/**
 * Splits the open alerts. One under a common cause is listed under it; when its cause is not open, or it is critical
 * (never grouped away, promise 7), it stands by itself. A critical alert cannot be hidden by shelving either: it stays
 * in the list, marked.
 */
export function listAlerts(alerts: ReadonlyMap<string, Alert>, now: number): AlertLists {
  const rows: Alert[] = []
  const shelved: Alert[] = []
  const held = new Map<string, Alert[]>()
  for (const alert of [...alerts.values()].sort(compareAlerts)) {
    if (alert.inhibitedBy !== null && isHeldAway(alert) && alerts.has(alert.inhibitedBy)) {
      held.set(alert.inhibitedBy, [...(held.get(alert.inhibitedBy) ?? []), alert])
    } else if (isShelved(alert, now) && alert.severity !== 'critical') shelved.push(alert)
    else rows.push(alert)
  }
  shelved.sort((a, b) => (a.shelvedUntil ?? 0) - (b.shelvedUntil ?? 0))
  return { rows, held, shelved }
}

export const isShelved = (alert: Alert, now: number): boolean =>
  alert.shelvedUntil !== null && alert.shelvedUntil > now

/** Alerts whose words (both languages, device, rule) contain every word of the search. */
export function filterAlerts(alerts: readonly Alert[], search: string): Alert[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return alerts.filter((alert) => {
    const text = [
      alert.title.zh,
      alert.title.en,
      alert.place.zh,
      alert.place.en,
      alert.reason.zh,
      alert.reason.en,
      alert.device,
      alert.rule,
    ]
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** How many open alerts of each severity want attention or not yet are over; held ones count with their cause. */
export function countBySeverity(rows: readonly Alert[]): Readonly<Record<Alert['severity'], number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alert of rows) counts[alert.severity]++
  return counts
}
