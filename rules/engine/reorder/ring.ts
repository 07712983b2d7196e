/** The last minutes of a timeline in order, with the changes that each entry made. */
import type { Ring, RingEntry, Timeline, Undo } from '../types.ts'

/**
 * A linked list: most timelines have one or two entries, appended at one end and removed at the other without moving
 * others.
 */
export class EntryRing implements Ring {
  first: RingEntry | null = null
  last: RingEntry | null = null
  length = 0

  append(entry: RingEntry): void {
    entry.earlier = this.last
    entry.later = null
    if (this.last) this.last.later = entry
    else this.first = entry
    this.last = entry
    this.length += 1
  }

  /** `place` must be in the ring. */
  insertBefore(place: RingEntry, entry: RingEntry): void {
    entry.later = place
    entry.earlier = place.earlier
    if (place.earlier) place.earlier.later = entry
    else this.first = entry
    place.earlier = entry
    this.length += 1
  }

  /** Removes the oldest entry. */
  shift(): void {
    const { first } = this
    if (!first) return
    this.first = first.later
    if (first.later) first.later.earlier = null
    else this.last = null
    first.later = null
    this.length -= 1
  }

  clear(): void {
    this.first = null
    this.last = null
    this.length = 0
  }

  /** Removes `place` and all later entries; returns them, oldest first. */
  cutFrom(place: RingEntry): RingEntry[] {
    const cut = [...from(place)]
    this.last = place.earlier
    if (this.last) this.last.later = null
    else this.first = null
    this.length -= cut.length
    return cut
  }

  [Symbol.iterator](): Iterator<RingEntry> {
    return from(this.first)
  }
}

function* from(place: RingEntry | null): Generator<RingEntry, void> {
  for (let entry = place; entry; entry = entry.later) yield entry
}

/** Restores the state before the entry. */
export function undo(timeline: Timeline, entry: RingEntry): void {
  for (let change = entry.undo; change; change = change.earlier) timeline.cells[change.cell] = change.value
  timeline.nextDue = Number.NaN
}

/** Whether the entry changed a cell for which `test` is true. */
export function changed({ undo: newestTs }: RingEntry, test: (cell: number) => boolean): boolean {
  for (let change: Undo | null = newestTs; change; change = change.earlier) if (test(change.cell)) return true
  return false
}
