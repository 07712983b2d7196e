/** The last minutes of a timeline, and what each entry of them changed. */
import type { RingEntry, Timeline, Undo } from './types.ts'

/** An array that grows takes room for sixteen more; most timelines have one entry or two. */
const few = 8

/** Puts the entry behind all others. */
export function append(timeline: Timeline, entry: RingEntry): void {
  if (timeline.ring.length < few) timeline.ring = timeline.ring.concat(entry)
  else timeline.ring.push(entry)
}

/** Back to before the entry. */
export function undo(timeline: Timeline, entry: RingEntry): void {
  for (let change = entry.undo; change; change = change.earlier) timeline.cells[change.cell] = change.value
  timeline.nextDue = Number.NaN
}

/** Whether the entry changed a cell of which `test` is true. */
export function changed({ undo: newest }: RingEntry, test: (cell: number) => boolean): boolean {
  for (let change: Undo | null = newest; change; change = change.earlier) if (test(change.cell)) return true
  return false
}
