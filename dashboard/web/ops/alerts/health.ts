/** Alert-health figures after EEMUA 191 / ISA-18.2. Pure. */
import type { Alert } from '../../../../model/alert.ts'
import type { Severity } from '../../../../model/severity.ts'

const TEN_MINUTES = 10 * 60_000
const DAY = 24 * 3600_000
/** A flood is more than this many new alerts in 10 minutes (EEMUA 191). */
export const FLOOD_PER_TEN_MINUTES = 10

const WORST_SHOWN = 3

export interface AlertHealth {
  readonly lastTenMinutes: number
  readonly unacknowledged: number
  /** Age of the oldest unacknowledged alert, ms; null when there is none. */
  readonly oldestUnacknowledged: number | null
  /** Number of alerts active for over 24 h. */
  readonly stale: number
  /** Share of the day's 10-minute intervals with a flood, 0-1. */
  readonly flood: number
  /** Share of the day's alerts by severity, 0-1; null without alerts. */
  readonly mix: Readonly<Record<Severity, number>> | null
  /** Devices with the most alerts of the day, at least two each, most first. */
  readonly worst: readonly { readonly device: string; readonly count: number }[]
}

/** `day`: alerts of the last 24 h, open or not; `open`: open alerts that are not inhibited. */
export function alertHealth(day: readonly Alert[], open: readonly Alert[], now: number): AlertHealth {
  const recent = day.filter((alert) => alert.firstSeenAt > now - DAY)
  const unacknowledged = open.filter((alert) => alert.attention === 'unacknowledged')
  const oldest = Math.min(...unacknowledged.map((alert) => alert.firstSeenAt))
  return {
    lastTenMinutes: recent.filter((alert) => alert.firstSeenAt > now - TEN_MINUTES).length,
    unacknowledged: unacknowledged.length,
    oldestUnacknowledged: unacknowledged.length > 0 ? Math.max(0, now - oldest) : null,
    stale: open.filter((alert) => alert.condition === 'active' && alert.raisedAt < now - DAY).length,
    flood: floodShare(recent, now),
    mix: mixOf(recent),
    worst: worstOf(recent),
  }
}

function floodShare(recent: readonly Alert[], now: number): number {
  const spans = new Map<number, number>()
  for (const alert of recent) {
    const span = Math.floor((now - alert.firstSeenAt) / TEN_MINUTES)
    spans.set(span, (spans.get(span) ?? 0) + 1)
  }
  return [...spans.values()].filter((count) => count > FLOOD_PER_TEN_MINUTES).length / (DAY / TEN_MINUTES)
}

function mixOf(recent: readonly Alert[]): AlertHealth['mix'] {
  if (recent.length === 0) return null
  const share = (severity: Severity) =>
    recent.filter((alert) => alert.severity === severity).length / recent.length
  return { critical: share('critical'), high: share('high'), medium: share('medium'), low: share('low') }
}

function worstOf(recent: readonly Alert[]): AlertHealth['worst'] {
  const counts = new Map<string, number>()
  for (const alert of recent) counts.set(alert.device, (counts.get(alert.device) ?? 0) + 1)
  return [...counts]
    .map(([device, count]) => ({ device, count }))
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count || (a.device < b.device ? -1 : 1))
    .slice(0, WORST_SHOWN)
}
