/** The history: every reading for charts, reports and baselines. Engines: DuckDB, InfluxDB; one contract suite. */
import type { DeviceEntry, Journaled } from '../entry.ts'

/** One point of a chart: the mean (or last word) of a bucket, or one raw value without buckets. */
export interface HistoryPoint {
  /** Start of the bucket, or the reading's own time; ms. */
  readonly at: number
  readonly value: number | string | boolean
  /** Only for numbers in buckets. */
  readonly min?: number
  readonly max?: number
  readonly count?: number
  /** Only for counters in buckets: the increase; a fall (reset, new meter) counts 0. */
  readonly increase?: number
}

export interface HistoryQuery {
  readonly device: string
  readonly type: string
  readonly field: string
  /** ms, inclusive. */
  readonly from: number
  /** ms, exclusive. */
  readonly to: number
  /** Bucket width in ms; absent = raw readings. Pruned hours are answered from the hourly roll-ups. */
  readonly bucket?: number
  /** Most points returned, the newest ones; default 10,000. */
  readonly limit?: number
}

/** Retention of each class of data, in days. */
export interface Retention {
  readonly rawDays: number
  readonly hourlyDays: number
}

export interface History {
  /** Newest journal seq whose entries are stored; 0 at first. Survives restarts. */
  cursor(): Promise<number>
  /**
   * Iterates the entries once, in order, stores them and moves the cursor to `upTo`. Idempotent: writing the same entries
   * again changes nothing. Throws HISTORY_UNAVAILABLE when the engine cannot be reached; the caller retries. Entries that
   * the engine refuses for their content are skipped and counted in `refused`.
   */
  write(entries: Iterable<Journaled<DeviceEntry>>, upTo: number): Promise<{ refused: number }>
  /** Points in time order. Unknown device or field: empty. */
  query(query: HistoryQuery): Promise<HistoryPoint[]>
  /** Number of stored readings of a device (or of all); for checks and tests. */
  count(query: { type: string; device?: string }): Promise<number>
  /** Updates hourly roll-ups, late data included. */
  rollUp(now: number): Promise<void>
  /** Deletes data older than its retention. */
  prune(retention: Retention, now: number): Promise<void>
  close(): Promise<void>
}
