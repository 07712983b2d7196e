/**
 * Detects a device whose own clock moved back: all its readings would count as late, and no rule would watch it until
 * the clock has caught up. Late readings from a buffer differ: they come in a burst, mixed with live ones, or they
 * catch up, whereas a clock that moved back stays behind by a constant time.
 */

import { notAfter, unevaluated } from '../evaluate/view.ts'
import type { Member, RingEntry, Timeline } from '../types.ts'

/** For this long (hub clock, ms) every reading must be behind by the same time, within `tolerance`. */
const minDuration = 600_000
const tolerance = 60_000

/** For a reading older than the newest of its member; notes how far it is behind. */
export function isClockRegression(member: Member, { ts, delay: by }: RingEntry): boolean {
  const receivedAt = ts + by
  const { behind } = member
  if (!behind || Math.abs(by - behind.by) > tolerance) {
    member.behind = { by, since: receivedAt }
    return false
  }
  return receivedAt - behind.since >= minDuration
}

/** Resets the member's time to that of the reading. Open episodes continue; pending conditions start again. */
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
