/** Which alerts the list shows, and in which order. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import { alertKinds, severityRank } from '../../../../model/severity.ts'
import { isInhibited } from '../../shared/feed/new-alerts.ts'

export interface AlertLists {
  /** The main list, most urgent first. */
  readonly rows: readonly Alert[]
  /** Id of the cause -> alerts inhibited by it, in the same order. */
  readonly inhibited: ReadonlyMap<string, readonly Alert[]>
  /** Shelved alerts, the next to return first. */
  readonly shelved: readonly Alert[]
}

/**
 * Unacknowledged first, then by severity, kind (people before things) and age, oldest first: otherwise the alert that
 * has waited longest would leave the screen.
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
 * Splits the open alerts. An inhibited alert is listed under its cause, unless the cause is not open or the alert is
 * critical (never grouped away, promise 7). A shelved critical alert stays in the list, marked as shelved.
 */
export function listAlerts(alerts: ReadonlyMap<string, Alert>, now: number): AlertLists {
  const rows: Alert[] = []
  const shelved: Alert[] = []
  const inhibited = new Map<string, Alert[]>()
  for (const alert of [...alerts.values()].sort(compareAlerts)) {
    if (alert.inhibitedBy !== null && isInhibited(alert) && alerts.has(alert.inhibitedBy)) {
      inhibited.set(alert.inhibitedBy, [...(inhibited.get(alert.inhibitedBy) ?? []), alert])
    } else if (isShelved(alert, now) && alert.severity !== 'critical') shelved.push(alert)
    else rows.push(alert)
  }
  shelved.sort((a, b) => (a.shelvedUntil ?? 0) - (b.shelvedUntil ?? 0))
  return { rows, inhibited, shelved }
}

export const isShelved = (alert: Alert, now: number): boolean =>
  alert.shelvedUntil !== null && alert.shelvedUntil > now

/** Alerts whose texts (both languages), device or rule contain every word of the search. */
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

/** Number of rows by severity; inhibited alerts count with their cause. */
export function countBySeverity(rows: readonly Alert[]): Readonly<Record<Alert['severity'], number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alert of rows) counts[alert.severity]++
  return counts
}
