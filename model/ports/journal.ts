/** The journal: the truth of the house. Engines live in storage/, one contract suite runs against each. */
import type { Entry, Journaled } from '../entry.ts'
import type { Receipt } from './receipt.ts'

/** A message that could not be read; kept for people to look at, bounded, the oldest dropped and counted. */
export interface QuarantineItem {
  readonly receivedAt: number
  readonly topic: string
  /** Client that sent it; null when not known. */
  readonly device: string | null
  readonly reason: string
  /** The bytes as they came, cut at 4 KiB. */
  readonly payload: Uint8Array
  /** Length before the cut. */
  readonly size: number
}

export interface Journal {
  /**
   * Resolves with the entry's seq once it is on disk (fsync, group-committed), in the order of the calls.
   * Rejects with JOURNAL_FULL (more than the stated bound is waiting) or JOURNAL_FAILED (the disk said no): nothing
   * of that entry is stored and its sender must not be acknowledged.
   */
  append(entry: Entry): Promise<number>
  /** As `append`, for the hot path: the receipt is told instead, in the order of the calls, also when it is refused. */
  submit(entry: Entry, receipt: Receipt): void
  /** Resolves once the item is on disk; same errors as `append`. */
  quarantine(item: QuarantineItem): Promise<void>
  /** Newest first; of one device when named. */
  quarantined(query: { device?: string; limit: number }): Promise<QuarantineItem[]>
  /** Entries with seq > `after`, in order, at most `limit`, durable ones only. */
  read(after: number, limit: number): Promise<Journaled[]>
  /** Newest durable seq; 0 when empty. */
  lastSeq(): number
  /** Oldest seq still kept; 0 when empty. */
  firstSeq(): number
  /** Calls back (not awaited, never throwing) after new entries became durable. Returns the cancel function. */
  onAppend(listener: () => void): () => void
  /** Forgets entries with seq <= `upTo` received before `receivedBefore`; returns how many. */
  trim(upTo: number, receivedBefore: number): Promise<number>
  close(): Promise<void>
}
