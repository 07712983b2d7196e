/** The newest entries in memory, so that a reader that keeps up needs no disk read. */
import type { Journaled } from '../../model/entry.ts'

export interface Ring {
  /** Entries must come in order, without gaps. */
  push(entry: Journaled): void
  /** Up to `limit` entries with seq > `after`, or undefined when some of them are no longer in memory. */
  read(after: number, limit: number): Journaled[] | undefined
}

/** `capacity` entries. */
export function createRing(capacity: number): Ring {
  const slots: Journaled[] = []
  let last = 0
  let size = 0
  return {
    push(entry) {
      slots[entry.seq % capacity] = entry
      last = entry.seq
      if (size < capacity) size++
    },
    read(after, limit) {
      if (size === 0 || after < last - size) return undefined
      const until = Math.min(last, after + limit)
      const found: Journaled[] = []
      for (let seq = after + 1; seq <= until; seq++) found.push(slots[seq % capacity] as Journaled)
      return found
    },
  }
}
