/** The journal: the source of truth of the hub. Engines are in storage/; each passes one contract suite. */
import type { Entry, Journaled } from '../entry.ts'
import type { Receipt } from './receipt.ts'

/** An unreadable message, stored for inspection; the number is limited, the oldest are deleted and counted. */
export interface QuarantineItem {
  readonly receivedAt: number
  readonly topic: string
  /** Client that sent it; null when unknown. */
  readonly device: string | null
  readonly reason: string
  /** The bytes as received, cut at 4 KiB. */
  readonly payload: Uint8Array
  /** Length before the cut. */
  readonly size: number
}

export interface Journal {
  /**
   * Resolves with the entry's seq once it is on disk (fsync, group-committed), in the order of the calls.
   * Rejects with JOURNAL_FULL (too many entries are waiting) or JOURNAL_FAILED (disk error): then the entry is not
   * stored and its sender must not be acknowledged.
   */
  append(entry: Entry): Promise<number>
  /** As `append`, for the hot path: settles a receipt in the order of the calls, also after a refusal. */
  submit(entry: Entry, receipt: Receipt): void
  /** Resolves once the item is on disk; same errors as `append`. */
  quarantine(item: QuarantineItem): Promise<void>
  /** Newest first; of one device if given. */
  quarantined(query: { device?: string; limit: number }): Promise<QuarantineItem[]>
  /** Entries with seq > `after`, in order, at most `limit`, durable ones only. */
  read(after: number, limit: number): Promise<Journaled[]>
  /** Newest durable seq; 0 when empty. */
  lastSeq(): number
  /** Oldest seq stored; 0 when empty. */
  firstSeq(): number
  /** Calls back (not awaited, never throwing) after new entries became durable. Returns the cancel function. */
  onAppend(listener: () => void): () => void
  /** Deletes entries with seq <= `upTo` received before `receivedBefore`; returns how many. */
  trim(upTo: number, receivedBefore: number): Promise<number>
  close(): Promise<void>
}
