/** Batches what a screen reader is told: at most one announcement per 5 s, nothing lost in between (WCAG 4.1.3). */
import type { Severity } from '../../../../model/severity.ts'

export const ANNOUNCE_EVERY_MS = 5_000

export interface Pending {
  readonly count: number
  readonly critical: number
}
export interface Announcer {
  readonly pending: Pending
  readonly lastAt: number | null
}

export const quietAnnouncer: Announcer = { pending: { count: 0, critical: 0 }, lastAt: null }

export function addArrivals(announcer: Announcer, severities: readonly Severity[]): Announcer {
  const critical = severities.filter((severity) => severity === 'critical').length
  const { pending } = announcer
  return {
    ...announcer,
    pending: { count: pending.count + severities.length, critical: pending.critical + critical },
  }
}

/** What to say now, if anything is waiting and the last announcement is long enough ago. */
export function speak(announcer: Announcer, now: number): { said: Pending | null; announcer: Announcer } {
  const due = announcer.lastAt === null || now - announcer.lastAt >= ANNOUNCE_EVERY_MS
  if (announcer.pending.count === 0 || !due) return { said: null, announcer }
  return { said: announcer.pending, announcer: { pending: quietAnnouncer.pending, lastAt: now } }
}
