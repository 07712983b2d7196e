/** A stretch of a log as one engine hears it that is told only of some of the devices, at the instants of the whole log. */
import type { DeviceEntry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Engine } from '../engine/engine.ts'

export interface Batch {
  /** `seq` of its first entry; 1 = the log begins with it. */
  readonly first: number
  /** At least one, sorted by `receivedAt`. */
  readonly entries: readonly DeviceEntry[]
}

/** Who is told what was found. */
export type OnFindings = (findings: readonly Finding[]) => void

/**
 * `own`: the places of the entries that are for this engine, in order. A timer fires at the first entry at or after its
 * time, whoever sent it, as in an engine that hears all of them.
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

/** What is due at entries of others; what was due when an entry had been judged fires with the next one, if there is one. */
function fireTimers(engine: Engine, batch: Batch, { from, to }: Span, onFindings: OnFindings): void {
  if (from > to) return
  const latest = timeAt(batch, to)
  for (let due = engine.nextDue(); due !== undefined && due <= latest; due = engine.nextDue()) {
    const place = Math.min(to, Math.max(from, firstIndexAt(batch, due)))
    // In a log that is not sorted that entry may be earlier; then nothing would fire, for ever.
    onFindings(engine.advance(Math.max(due, timeAt(batch, place))))
  }
}

const timeAt = ({ entries }: Batch, index: number): number => entries[index]?.receivedAt ?? Number.NaN

/** The place of the first entry at or after `time`. */
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
