/** Which journal entries a trial reads. */
import type { Journaled } from '../../model/entry.ts'

export interface JournalReader {
  read(after: number, limit: number): Journaled[]
  lastSeq(): number
  firstSeq(): number
}

export interface JournalWindow {
  /** Read after this seq, up to `last`. */
  readonly after: number
  readonly last: number
  /** Hub clock, ms: time of the oldest entry; null = the journal reaches back to the requested time. */
  readonly reachesTo: number | null
  /** Hub clock, ms: later start because there are too many entries; null = none was skipped. */
  readonly beganAt: number | null
}

/** Binary search, because `receivedAt` never decreases. */
export function findJournalWindow(
  journal: JournalReader,
  { from, maxEntries }: { readonly from: number; readonly maxEntries: number },
): JournalWindow {
  const [first, last] = [journal.firstSeq(), journal.lastSeq()]
  const timeOf = (seq: number): number => journal.read(seq - 1, 1)[0]?.receivedAt ?? Number.POSITIVE_INFINITY
  if (first === 0) return { after: 0, last: 0, reachesTo: Number.POSITIVE_INFINITY, beganAt: null }
  let [low, high] = [first, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (timeOf(middle) >= from) high = middle
    else low = middle + 1
  }
  const reachesTo = low === first && timeOf(first) > from ? timeOf(first) : null
  const cut = last - maxEntries + 1
  if (cut > low) return { after: cut - 1, last, reachesTo: null, beganAt: timeOf(cut) }
  return { after: low - 1, last, reachesTo, beganAt: null }
}
