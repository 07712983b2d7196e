/** Group commit: while one group goes to disk the next one fills, so one fsync serves all who wait. */
import type { Entry } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { QuarantineItem } from '../../model/ports/journal.ts'

export interface GroupCommitLimits {
  /** Entries and quarantine items that may wait, those under way included. */
  readonly maxWaiting: number
  /** Characters of their texts, in all. */
  readonly maxWaitingBytes: number
  /** Entries and items of one group. */
  readonly maxGroup: number
}

/** What goes to disk together. */
export interface Group {
  readonly entries: readonly Entry[]
  /** Their encoded lines, one to one. */
  readonly lines: readonly string[]
  readonly quarantine: readonly QuarantineItem[]
}

/** Whether a group is on disk; `failed` = nothing of it is, and whether a later one may be. */
export type Outcome =
  | { readonly stored: true; readonly firstSeq: number }
  | { readonly stored: false; readonly reason: string; readonly final: boolean }

export interface GroupCommit {
  append(entry: Entry, line: string): Promise<number>
  quarantine(item: QuarantineItem): Promise<void>
  waiting(): number
  /** Takes nothing more, resolves when nothing is under way. */
  close(): Promise<void>
}

interface Waiting {
  readonly entry?: Entry
  readonly item?: QuarantineItem
  readonly line: string
  readonly bytes: number
  readonly resolve: (seq: number) => void
  readonly reject: (error: LinliError) => void
}

/** `commit` never rejects; it is called for one group at a time, and decides the seq of its first entry. */
export function createGroupCommit(
  commit: (group: Group) => Promise<Outcome>,
  limits: GroupCommitLimits,
): GroupCommit {
  let queue: Waiting[] = []
  let count = 0
  let bytes = 0
  let underWay = false
  let scheduled = false
  /** Why nothing is taken any more. */
  let ended: string | undefined
  let idle: PromiseWithResolvers<void> | undefined

  function add(what: Pick<Waiting, 'entry' | 'item' | 'line' | 'bytes'>): Promise<number> {
    const refused = refusal()
    if (refused) return Promise.reject(refused)
    count++
    bytes += what.bytes
    return new Promise((resolve, reject) => {
      queue.push({ entry: what.entry, item: what.item, line: what.line, bytes: what.bytes, resolve, reject })
      schedule()
    })
  }

  function refusal(): LinliError | undefined {
    if (ended !== undefined) return new LinliError('JOURNAL_FAILED', ended)
    if (count < limits.maxWaiting && bytes < limits.maxWaitingBytes) return undefined
    return new LinliError('JOURNAL_FULL', `${count} messages wait for the disk already`)
  }

  /** At the end of this turn of the event loop: whatever the sockets brought together goes to disk together. */
  function schedule(): void {
    if (underWay || scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      void seal()
    })
  }

  async function seal(): Promise<void> {
    if (underWay || queue.length === 0) return
    const taken = queue.length > limits.maxGroup ? queue.splice(0, limits.maxGroup) : queue
    if (taken === queue) queue = []
    underWay = true
    const outcome = await commit(groupOf(taken))
    underWay = false
    for (const { bytes: size } of taken) bytes -= size
    count -= taken.length
    // The next group first: the disk works while those of this one are told.
    if (outcome.stored || !outcome.final) void seal()
    if (outcome.stored) tellStored(taken, outcome.firstSeq)
    else tellFailed(taken, outcome)
    if (!underWay && queue.length === 0) idle?.resolve()
  }

  function tellFailed(taken: readonly Waiting[], outcome: { reason: string; final: boolean }): void {
    const also = outcome.final ? queue : []
    if (outcome.final) {
      ended = outcome.reason
      queue = []
      count = 0
      bytes = 0
    }
    for (const { reject } of [...taken, ...also]) reject(new LinliError('JOURNAL_FAILED', outcome.reason))
  }

  return {
    append: (entry, line) => add({ entry, line, bytes: line.length }),
    quarantine: async (item) => {
      await add({ item, line: '', bytes: item.payload.length + item.topic.length + item.reason.length })
    },
    waiting: () => count,
    async close() {
      ended ??= 'The journal is closed'
      if (!underWay && queue.length === 0) return
      idle ??= Promise.withResolvers()
      await idle.promise
    },
  }
}

function groupOf(taken: readonly Waiting[]): Group {
  const entries: Entry[] = []
  const lines: string[] = []
  const quarantine: QuarantineItem[] = []
  for (const { entry, item, line } of taken) {
    if (entry) {
      entries.push(entry)
      lines.push(line)
    } else if (item) quarantine.push(item)
  }
  return { entries, lines, quarantine }
}

function tellStored(taken: readonly Waiting[], firstSeq: number): void {
  let seq = firstSeq
  for (const { entry, resolve } of taken) resolve(entry ? seq++ : 0)
}
