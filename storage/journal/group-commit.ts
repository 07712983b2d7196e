/** Group commit: while one group is written to disk the next one fills, so one fsync serves many entries. */
import type { Entry } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { QuarantineItem } from '../../model/ports/journal.ts'
import type { Receipt } from '../../model/ports/receipt.ts'
import { GroupText } from './group-text.ts'

export interface GroupCommitLimits {
  /** Entries and quarantine items that may wait, those being written included. */
  readonly maxWaiting: number
  /** Characters of their texts in total. */
  readonly maxWaitingBytes: number
  /** Entries and items of one group. */
  readonly maxGroup: number
}

/** Entries and items that are committed together. */
export interface Group {
  readonly entries: readonly Entry[]
  /** Their encoded lines, one to one. */
  readonly text: GroupText
  readonly quarantine: readonly QuarantineItem[]
}

/** Reports the seq of an entry; 0 for a quarantined item. */
type SeqReceipt = Receipt<number>

/** Whether a group is on disk. When not, nothing of it is; `final`: no later group can be stored either. */
export type Outcome =
  | { readonly stored: true; readonly firstSeq: number }
  | { readonly stored: false; readonly reason: string; readonly final: boolean }

export interface GroupCommit {
  append(entry: Entry, line: string): Promise<number>
  /** As `append`, but settles a receipt, in the order of the calls. */
  submit(entry: Entry, line: string, receipt: SeqReceipt): void
  quarantine(item: QuarantineItem): Promise<void>
  waiting(): number
  /** Refuses further entries; resolves when nothing waits. */
  close(): Promise<void>
}

interface Filling extends Group {
  readonly entries: Entry[]
  readonly quarantine: QuarantineItem[]
  /** One for each entry. */
  readonly receipts: SeqReceipt[]
  /** One for each quarantined item. */
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

type Commit = (group: Group) => Promise<Outcome>

/** `commit` never rejects; it is called for one group at a time, and decides the seq of its first entry. */
export function createGroupCommit(commit: Commit, limits: GroupCommitLimits): GroupCommit {
  return new GroupCommitter(commit, limits)
}

class GroupCommitter implements GroupCommit {
  readonly #commit: Commit
  readonly #limits: GroupCommitLimits
  /** Oldest first; only the last one is not full. */
  #queue: Filling[] = []
  #count = 0
  #bytes = 0
  /** Bytes of the last group's text, as an estimate for the next. */
  #lastSize = 0
  #isWriting: boolean = false
  #isScheduled: boolean = false
  /** Why further entries are refused. */
  #endReason: string | undefined
  #drained: PromiseWithResolvers<void> | undefined

  constructor(commit: Commit, limits: GroupCommitLimits) {
    this.#commit = commit
    this.#limits = limits
  }

  submit(entry: Entry, line: string, receipt: SeqReceipt): void {
    const refusal = this.#refusal()
    if (refusal) {
      receipt.failed(refusal)
      return
    }
    const group = this.#reserve(line.length)
    group.entries.push(entry)
    group.text.add(line)
    group.receipts.push(receipt)
  }

  append(entry: Entry, line: string): Promise<number> {
    return new Promise((stored, failed) => {
      this.submit(entry, line, { stored, failed })
    })
  }

  async quarantine(item: QuarantineItem): Promise<void> {
    const refusal = this.#refusal()
    if (refusal) throw refusal
    const group = this.#reserve(item.payload.length + item.topic.length + item.reason.length)
    group.quarantine.push(item)
    await new Promise((stored, failed) => {
      group.itemReceipts.push({ stored, failed })
    })
  }

  waiting(): number {
    return this.#count
  }

  async close(): Promise<void> {
    this.#endReason ??= 'The journal is closed'
    if (!this.#isWriting && this.#queue.length === 0) return
    this.#drained ??= Promise.withResolvers()
    await this.#drained.promise
  }

  #refusal(): LinliError | undefined {
    if (this.#endReason !== undefined) return new LinliError('JOURNAL_FAILED', this.#endReason)
    const { maxWaiting, maxWaitingBytes } = this.#limits
    if (this.#count < maxWaiting && this.#bytes < maxWaitingBytes) return undefined
    return new LinliError('JOURNAL_FULL', `${this.#count} messages are already waiting for the disk`)
  }

  /** The group that new entries join. */
  #reserve(size: number): Filling {
    let group = this.#queue.at(-1)
    if (!group || sizeOf(group) >= this.#limits.maxGroup) {
      group = emptyGroup(this.#lastSize)
      this.#queue.push(group)
    }
    this.#count++
    this.#bytes += size
    group.bytes += size
    if (!this.#isWriting && !this.#isScheduled) this.#schedule()
    return group
  }

  /** At the end of this event-loop turn, so that everything received in it is written together. */
  #schedule(): void {
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      void this.#writeNext()
    })
  }

  async #writeNext(): Promise<void> {
    const group = this.#isWriting ? undefined : this.#queue.shift()
    if (!group) return
    this.#isWriting = true
    this.#lastSize = group.text.size
    const outcome = await this.#commit(group)
    this.#isWriting = false
    this.#bytes -= group.bytes
    this.#count -= sizeOf(group)
    // The next group first: the disk works while the receipts of this one are settled.
    if (outcome.stored || !outcome.final) void this.#writeNext()
    if (outcome.stored) settleStored(group, outcome.firstSeq)
    else this.#settleFailed(group, outcome)
    if (!this.#isWriting && this.#queue.length === 0) this.#drained?.resolve()
  }

  #settleFailed(group: Filling, { reason, final }: { reason: string; final: boolean }): void {
    const failed = [group]
    if (final) {
      this.#endReason = reason
      failed.push(...this.#queue)
      this.#queue = []
      this.#count = 0
      this.#bytes = 0
    }
    for (const { receipts, itemReceipts } of failed) {
      for (const receipt of [...receipts, ...itemReceipts])
        receipt.failed(new LinliError('JOURNAL_FAILED', reason))
    }
  }
}

function settleStored({ receipts, itemReceipts }: Filling, firstSeq: number): void {
  let seq = firstSeq
  for (const receipt of receipts) receipt.stored(seq++)
  for (const receipt of itemReceipts) receipt.stored(0)
}
