/** Duplicate detection: per device a bounded window of (time, counter, channel) of accepted messages. */
import { hash } from 'node:crypto'
import type { DeviceEntry } from '../model/entry.ts'
import { deviceChannels } from '../model/topics.ts'

/** Two messages of one device with the same identity are the same message (domain.md D4). */
export interface Identity {
  readonly ts: number
  /** Counter and channel in one number; for a device without a counter a negative digest of the values. */
  readonly code: number
}

export const isSame = (one: Identity | undefined, other: Identity): boolean =>
  one?.ts === other.ts && one.code === other.code

/**
 * Undefined when a repetition cannot be told from a second message: a status (its time is the hub's) or a device
 * without a clock. Those are stored again, because losing one is worse than having it twice.
 */
export function identityOf(entry: DeviceEntry): Identity | undefined {
  if (entry.kind === 'status' || entry.quality === 'unset') return undefined
  const channel = deviceChannels.indexOf(entry.kind)
  // With a clock that is ahead, `ts` is the hub's time and differs in each repetition.
  const ts = entry.claimedTs ?? entry.ts
  if (entry.messageSeq !== undefined) return { ts, code: entry.messageSeq * deviceChannels.length + channel }
  const digest = hash('sha1', entry.kind + JSON.stringify(entry.values), 'buffer')
  return { ts, code: -1 - digest.readUIntBE(0, 6) }
}

/** The newest messages of one device. */
export interface DuplicateWindow {
  has(identity: Identity): boolean
  /** Remembers the message; the oldest is forgotten when the window is full. */
  add(identity: Identity): void
  /** Forgets the message: its append failed, so its repetition must be accepted. */
  remove(identity: Identity): void
}

const FIRST_CAPACITY = 16
const EMPTY = Number.NaN

/**
 * A ring of `limit` pairs in one array of doubles: 16 bytes a message, so that 5,000 devices with a full window of 512
 * are 40 MB. It starts small. Fast path: a message newer than all before it needs no search.
 */
export function duplicateWindow(limit: number): DuplicateWindow {
  let ring = new Float64Array(2 * Math.min(FIRST_CAPACITY, limit))
  let size = 0
  let next = 0
  /** The newest time and the highest code seen at it. */
  let newest = Number.NEGATIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY

  const find = ({ ts, code }: Identity): number => {
    if (ts > newest || (ts === newest && code > highest)) return -1
    // Newest first: most repetitions follow shortly after the message.
    let at = next
    for (let n = 0; n < size; n++) {
      at = (at === 0 ? ring.length / 2 : at) - 1
      if (ring[2 * at] === ts && ring[2 * at + 1] === code) return at
    }
    return -1
  }
  const grow = (): void => {
    const larger = new Float64Array(2 * Math.min(limit, ring.length))
    larger.set(ring)
    ring = larger
    next = size
  }
  return {
    has: (identity) => find(identity) >= 0,
    add({ ts, code }) {
      if (size === ring.length / 2 && size < limit) grow()
      ring[2 * next] = ts
      ring[2 * next + 1] = code
      if (size < ring.length / 2) size++
      next = (next + 1) % (ring.length / 2)
      if (ts > newest) {
        newest = ts
        highest = code
      } else if (ts === newest && code > highest) highest = code
    },
    remove(identity) {
      const at = find(identity)
      // The slot stays empty until its turn to be overwritten; NaN equals nothing.
      if (at >= 0) ring[2 * at] = EMPTY
    },
  }
}
