/** Group commit: while one group goes to disk the next one fills, so one fsync serves all who wait. */
import type { Entry } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { QuarantineItem } from '../../model/ports/journal.ts'
import type { Receipt } from '../../model/ports/receipt.ts'
import { GroupText } from './group-text.ts'

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
  readonly text: GroupText
  readonly quarantine: readonly QuarantineItem[]
}

/** Reports the seq of an entry; 0 for a quarantined item. */
type SeqReceipt = Receipt<number>

/** Whether a group is on disk; `failed` = nothing of it is, and whether a later one may be. */
export type Outcome =
  | { readonly stored: true; readonly firstSeq: number }
  | { readonly stored: false; readonly reason: string; readonly final: boolean }

export interface GroupCommit {
  append(entry: Entry, line: string): Promise<number>
  /** As `append`; the receipt is told instead, in the order of the calls. */
  submit(entry: Entry, line: string, receipt: SeqReceipt): void
  quarantine(item: QuarantineItem): Promise<void>
  waiting(): number
  /** Takes nothing more, resolves when nothing is under way. */
  close(): Promise<void>
}

interface Filling extends Group {
  readonly entries: Entry[]
  readonly quarantine: QuarantineItem[]
  /** Of the entries, one to one, and of the quarantined items. */
  readonly receipts: SeqReceipt[]
  readonly itemReceipts: SeqReceipt[]
  bytes: number
}

const emptyGroup = (expected: number): Filling => ({
  entries: [],
  text: new GroupText(expected),
  quarantine: [],
  receipts: [],
  itemReceipts: [],
  bytes: 0,
})
const sizeOf = ({ entries, quarantine }: Group): number => entries.length + quarantine.length

/** `commit` never rejects; it is called for one group at a time, and decides the seq of its first entry. */
export function createGroupCommit(
  commit: (group: Group) => Promise<Outcome>,
  limits: GroupCommitLimits,
): GroupCommit {
  /** Oldest first; only the last one is not full. */
  let queue: Filling[] = []
  let count = 0
  let bytes = 0
  /** Bytes of the last group's text: the next one is mostly as long. */
  let lastSize = 0
  let underWay = false
  let scheduled = false
  /** Why nothing is taken any more. */
  let ended: string | undefined
  let idle: PromiseWithResolvers<void> | undefined

  function refusal(): LinliError | undefined {
    if (ended !== undefined) return new LinliError('JOURNAL_FAILED', ended)
    if (count < limits.maxWaiting && bytes < limits.maxWaitingBytes) return undefined
    return new LinliError('JOURNAL_FULL', `${count} messages wait for the disk already`)
  }

  /** The group that takes what comes now. */
  function room(size: number): Filling {
    let group = queue.at(-1)
    if (!group || sizeOf(group) >= limits.maxGroup) {
      group = emptyGroup(lastSize)
      queue.push(group)
    }
    count++
    bytes += size
    group.bytes += size
    if (!underWay && !scheduled) schedule()
    return group
  }

  /** At the end of this turn of the event loop: whatever the sockets brought together goes to disk together. */
  function schedule(): void {
    scheduled = true
    setImmediate(() => {
      scheduled = false
      void seal()
    })
  }

  async function seal(): Promise<void> {
    const taken = underWay ? undefined : queue.shift()
    if (!taken) return
    underWay = true
    lastSize = taken.text.size
    const outcome = await commit(taken)
    underWay = false
    bytes -= taken.bytes
    count -= sizeOf(taken)
    // The next group first: the disk works while those of this one are told.
    if (outcome.stored || !outcome.final) void seal()
    if (outcome.stored) tellStored(taken, outcome.firstSeq)
    else tellFailed(taken, outcome)
    if (!underWay && queue.length === 0) idle?.resolve()
  }

  function tellFailed(taken: Filling, outcome: { reason: string; final: boolean }): void {
    const failed = [taken]
    if (outcome.final) {
      ended = outcome.reason
      failed.push(...queue)
      queue = []
      count = 0
      bytes = 0
    }
    for (const { receipts, itemReceipts } of failed) {
      for (const receipt of [...receipts, ...itemReceipts])
        receipt.failed(new LinliError('JOURNAL_FAILED', outcome.reason))
    }
  }

  function submit(entry: Entry, line: string, receipt: SeqReceipt): void {
    const refused = refusal()
    if (refused) {
      receipt.failed(refused)
      return
    }
    const group = room(line.length)
    group.entries.push(entry)
    group.text.add(line)
    group.receipts.push(receipt)
  }

  return {
    submit,
    append: (entry, line) =>
      new Promise((stored, failed) => {
        submit(entry, line, { stored, failed })
      }),
    quarantine: (item) =>
      new Promise((stored, failed) => {
        const refused = refusal()
        if (refused) {
          failed(refused)
          return
        }
        const group = room(item.payload.length + item.topic.length + item.reason.length)
        group.quarantine.push(item)
        group.itemReceipts.push({ stored: () => stored(), failed })
      }),
    waiting: () => count,
    async close() {
      ended ??= 'The journal is closed'
      if (!underWay && queue.length === 0) return
      idle ??= Promise.withResolvers()
      await idle.promise
    },
  }
}

function tellStored({ receipts, itemReceipts }: Filling, firstSeq: number): void {
  let seq = firstSeq
  for (const receipt of receipts) receipt.stored(seq++)
  for (const receipt of itemReceipts) receipt.stored(0)
}
