/** A stretch of a log as one engine hears it that is told only of some of the devices, at the instants of the whole log. */
import type { DeviceEntry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Engine } from '../engine/engine.ts'

export interface Stretch {
  /** `seq` of its first entry; 1 = the log begins with it. */
  readonly first: number
  /** At least one, sorted by `receivedAt`. */
  readonly entries: readonly DeviceEntry[]
}

/** Who is told what was found. */
export type Tell = (findings: readonly Finding[]) => void

/**
 * `own`: the places of the entries that are for this engine, in order. A timer fires at the first entry at or after its
 * time, whoever sent it, as in an engine that hears all of them.
 */
export function judgeStretch(engine: Engine, stretch: Stretch, own: Iterable<number>, tell: Tell): void {
  const { first, entries } = stretch
  if (first === 1) tell(engine.advance(timeAt(stretch, 0)))
  let heard = 0
  for (const index of own) {
    fireFor(engine, stretch, { from: heard, to: index }, tell)
    tell(engine.applyAs(first + index, entries[index] as DeviceEntry))
    heard = index + 1
  }
  fireFor(engine, stretch, { from: heard, to: entries.length - 1 }, tell)
}

interface Places {
  readonly from: number
  readonly to: number
}

/** What is due at entries of others; what was due when an entry had been judged fires with the next one, if there is one. */
function fireFor(engine: Engine, stretch: Stretch, { from, to }: Places, tell: Tell): void {
  if (from > to) return
  const latest = timeAt(stretch, to)
  for (let due = engine.nextDue(); due !== undefined && due <= latest; due = engine.nextDue()) {
    const place = Math.min(to, Math.max(from, firstAt(stretch, due)))
    // In a log that is not sorted that entry may be earlier; then nothing would fire, for ever.
    tell(engine.advance(Math.max(due, timeAt(stretch, place))))
  }
}

const timeAt = ({ entries }: Stretch, index: number): number => entries[index]?.receivedAt ?? Number.NaN

/** The place of the first entry at or after `time`. */
function firstAt({ entries }: Stretch, time: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as DeviceEntry).receivedAt < time) low = middle + 1
    else high = middle
  }
  return low
}
