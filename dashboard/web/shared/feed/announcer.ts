/** Batches announcements to screen readers: at most one per 5 s, none lost (WCAG 4.1.3). Pure. */
import type { Severity } from '../../../../model/severity.ts'

export const ANNOUNCE_EVERY_MS = 5_000

export interface AlertCount {
  readonly count: number
  readonly critical: number
}
export interface Announcer {
  readonly pending: AlertCount
  readonly lastAt: number | null
}

export const idleAnnouncer: Announcer = { pending: { count: 0, critical: 0 }, lastAt: null }

export function addNewAlerts(announcer: Announcer, severities: readonly Severity[]): Announcer {
  const critical = severities.filter((severity) => severity === 'critical').length
  const { pending } = announcer
  return {
    ...announcer,
    pending: { count: pending.count + severities.length, critical: pending.critical + critical },
  }
}

/** The announcement due now; null when nothing is pending or the last one was less than 5 s ago. */
export function announce(
  announcer: Announcer,
  now: number,
): { announcement: AlertCount | null; announcer: Announcer } {
  const due = announcer.lastAt === null || now - announcer.lastAt >= ANNOUNCE_EVERY_MS
  if (announcer.pending.count === 0 || !due) return { announcement: null, announcer }
  return { announcement: announcer.pending, announcer: { pending: idleAnnouncer.pending, lastAt: now } }
}
