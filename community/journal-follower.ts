/** Follows the journal by sequence number: one reader at a time, in order, tried again after a failure. */
import { setImmediate } from 'node:timers/promises'
import type { Entry, Journaled } from '../model/entry.ts'
import type { Journal } from '../model/ports/journal.ts'

export interface JournalTail {
  /** Seq of the newest entry applied. */
  position(): number
  behind(): number
  /** Goes on after `seq`; before anything is read. */
  continueAfter(seq: number): void
  /** Applies everything durable by now. Resolves when done, or when reading failed (which was told). */
  read(): Promise<void>
  /** Lets the read under way end and starts no other. */
  stop(): Promise<void>
}

export interface JournalTailOptions {
  readonly journal: Pick<Journal, 'read' | 'lastSeq'>
  /** Must not throw. */
  readonly apply: (entry: Journaled<Entry>) => void
  readonly onFailure: (error: unknown) => void
}

/** Large enough to be cheap, small enough for a few milliseconds. */
const READ_LIMIT = 2000

export function createJournalTail({ journal, apply, onFailure }: JournalTailOptions): JournalTail {
  let position = 0
  let stopped = false
  let busy = false
  let reading: Promise<void> = Promise.resolve()

  /** `busy` falls in the same step as the last look at the journal: what comes after it starts another run. */
  async function readAll(): Promise<void> {
    try {
      while (!stopped && journal.lastSeq() > position) {
        const entries = await journal.read(position, READ_LIMIT)
        if (entries.length === 0) return
        for (const entry of entries) {
          apply(entry)
          position = entry.seq
        }
        // A journal may answer without leaving the thread; catching up must not keep everybody else waiting.
        if (journal.lastSeq() > position) await setImmediate()
      }
    } catch (error) {
      onFailure(error)
    } finally {
      busy = false
    }
  }

  return {
    position: () => position,
    behind: () => Math.max(0, journal.lastSeq() - position),
    continueAfter(seq) {
      position = seq
    },
    read() {
      if (!busy) {
        busy = true
        reading = readAll()
      }
      return reading
    },
    async stop() {
      stopped = true
      await reading
    },
  }
}
