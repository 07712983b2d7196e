/** A stretch of a log as one engine hears it that is told only of some of the devices, at the instants of the whole log. */
import type { DeviceEntry } from '../model/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { Engine } from './engine.ts'

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
  for (const index of own) {
    fireUntil(engine, stretch, index, tell)
    tell(engine.applyAs(first + index, entries[index] as DeviceEntry))
  }
  fireUntil(engine, stretch, entries.length - 1, tell)
}

function fireUntil(engine: Engine, stretch: Stretch, index: number, tell: Tell): void {
  const latest = timeAt(stretch, index)
  for (let due = engine.nextDue(); due !== undefined && due <= latest; due = engine.nextDue())
    tell(engine.advance(timeAt(stretch, firstAt(stretch, due))))
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
