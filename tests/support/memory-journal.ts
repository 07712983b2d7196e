/** A journal in memory whose disk can be made slow or broken; for tests of what stands before it. */
import type { Entry, Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { Journal, QuarantineItem } from '../../model/ports/journal.ts'

export interface MemoryJournal extends Journal {
  readonly entries: readonly Journaled[]
  readonly kept: readonly QuarantineItem[]
  /** Appends wait from now on. */
  hold(): void
  /** Lets waiting appends go on, oldest first: all of them, or `count`. */
  release(count?: number): void
  readonly waiting: number
  /** The next `count` appends (and quarantines) fail as on a full disk. */
  failNext(count: number): void
}

interface Waiting {
  run(): void
}

export function memoryJournal(entries: Journaled[] = []): MemoryJournal {
  const quarantined: QuarantineItem[] = []
  const queue: Waiting[] = []
  const listeners = new Set<() => void>()
  let held = false
  let failures = 0

  /** Decides failure at the call, settles in the order of the calls. */
  function write<T>(work: () => T): Promise<T> {
    const fails = failures > 0
    if (fails) failures--
    return new Promise((resolve, reject) => {
      const run = (): void => {
        if (fails) reject(new LinliError('JOURNAL_FAILED', 'the disk is full'))
        else resolve(work())
      }
      if (held || queue.length > 0) queue.push({ run })
      else run()
    })
  }

  const append = (entry: Entry): Promise<number> =>
    write(() => {
      const seq = (entries.at(-1)?.seq ?? 0) + 1
      entries.push({ ...entry, seq })
      for (const listener of listeners) listener()
      return seq
    })

  return {
    entries,
    kept: quarantined,
    hold: () => {
      held = true
    },
    release(count = Number.POSITIVE_INFINITY) {
      if (count === Number.POSITIVE_INFINITY) held = false
      for (const { run } of queue.splice(0, Math.min(count, queue.length))) run()
    },
    get waiting() {
      return queue.length
    },
    failNext: (count) => {
      failures = count
    },
    append,
    submit: (entry, receipt) =>
      void append(entry).then(
        () => receipt.stored(),
        (error) => receipt.failed(error),
      ),
    quarantine: (item) => write(() => void quarantined.push(item)),
    quarantined: async ({ device, limit }) =>
      quarantined
        .filter((item) => device === undefined || item.device === device)
        .reverse()
        .slice(0, limit),
    read: async (after, limit) => entries.filter((entry) => entry.seq > after).slice(0, limit),
    lastSeq: () => entries.at(-1)?.seq ?? 0,
    firstSeq: () => entries[0]?.seq ?? 0,
    onAppend(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async trim(upTo, receivedBefore) {
      const before = entries.length
      const kept = entries.filter((entry) => entry.seq > upTo || entry.receivedAt >= receivedBefore)
      entries.splice(0, entries.length, ...kept)
      return before - kept.length
    },
    close: async () => {},
  }
}
