/**
 * A device whose own clock was set back: everything it says is older than what it said before, and would be history only
 * until that clock has caught up, for hours in which nobody watches.
 *
 * Told from old readings that are sent later: those come in a burst, with live ones between them, or catching up. A clock
 * that was set back is behind by the same time for good.
 */
import type { Member } from './member.ts'
import type { RingEntry, Timeline } from './types.ts'
import { notAfter, unevaluated } from './view.ts'

/** For so long (hub clock, ms) every reading must be behind by the same time, give or take `steady`. */
const minDuration = 600_000
const tolerance = 60_000

/** Of a reading that is older than the newest of its member. */
export function isClockRegression(member: Member, { ts, delay: by }: RingEntry): boolean {
  const receivedAt = ts + by
  const { behind } = member
  if (!behind || Math.abs(by - behind.by) > tolerance) {
    member.behind = { by, since: receivedAt }
    return false
  }
  return receivedAt - behind.since >= minDuration
}

/** From here on the member's time is that of the reading. What is open goes on; what was only pending begins anew. */
export function followClock(timeline: Timeline, member: number, ts: number): void {
  const who = timeline.members[member] as Member
  who.newestTs = ts - 1
  who.behind = undefined
  who.view = notAfter(who.view, ts)
  who.base = notAfter(who.base, ts)
  if (timeline.members.length > 1) return
  timeline.ring.clear()
  timeline.nextDue = Number.NaN
  timeline.newestTs = ts - 1
  timeline.watermark = ts - 1
  who.view = unevaluated(who.view)
  who.base = who.view
  for (const { cell, signalCell, episodeCell, rule } of timeline.instances) {
    if (timeline.cells[episodeCell] !== undefined || rule.condition.acceptsLate) continue
    const before = timeline.cells[cell]
    timeline.cells[cell] = before === undefined ? undefined : rule.condition.onClockRegression?.(before)
    for (let index = 0; index < rule.signals.length; index += 1)
      timeline.cells[signalCell + index] = undefined
  }
}
