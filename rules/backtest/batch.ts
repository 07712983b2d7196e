/** A batch of a log, evaluated by an engine that receives only some devices but fires its timers as for the whole log. */
import type { DeviceEntry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Engine } from '../engine/engine.ts'

export interface Batch {
  /** `seq` of the first entry; 1 = start of the log. */
  readonly first: number
  /** At least one, sorted by `receivedAt`. */
  readonly entries: readonly DeviceEntry[]
}

export type OnFindings = (findings: readonly Finding[]) => void

/**
 * `ownIndexes`: the entries for this engine, ascending. A timer fires at the first entry at or after its time, whichever
 * device sent it, as in an engine that receives every entry.
 */
export function evaluateBatch(
  engine: Engine,
  batch: Batch,
  ownIndexes: Iterable<number>,
  onFindings: OnFindings,
): void {
  const { first, entries } = batch
  if (first === 1) onFindings(engine.advance(timeAt(batch, 0)))
  let next = 0
  for (const index of ownIndexes) {
    fireTimers(engine, batch, { from: next, to: index }, onFindings)
    onFindings(engine.applyAs(first + index, entries[index] as DeviceEntry))
    next = index + 1
  }
  fireTimers(engine, batch, { from: next, to: entries.length - 1 }, onFindings)
}

interface Span {
  readonly from: number
  readonly to: number
}

/** Fires timers that are due at entries of other partitions. A timer due at the last entry fires with the next batch. */
function fireTimers(engine: Engine, batch: Batch, { from, to }: Span, onFindings: OnFindings): void {
  if (from > to) return
  const latest = timeAt(batch, to)
  for (let due = engine.nextDue(); due !== undefined && due <= latest; due = engine.nextDue()) {
    const place = Math.min(to, Math.max(from, firstIndexAt(batch, due)))
    // In an unsorted log that entry may be earlier than `due`; without the maximum this loop would never end.
    onFindings(engine.advance(Math.max(due, timeAt(batch, place))))
  }
}

const timeAt = ({ entries }: Batch, index: number): number => entries[index]?.receivedAt ?? Number.NaN

/** Index of the first entry at or after `time`. */
function firstIndexAt({ entries }: Batch, time: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as DeviceEntry).receivedAt < time) low = middle + 1
    else high = middle
  }
  return low
}
