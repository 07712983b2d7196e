/** The history: every reading for charts, reports and baselines. Engines: DuckDB, InfluxDB; one contract suite. */
import type { DeviceEntry, Journaled } from '../entry.ts'

/** One point of a chart: the mean (or last word) of a bucket, or one raw value when buckets are not asked for. */
export interface HistoryPoint {
  /** Start of the bucket, or the reading's own time; ms. */
  readonly at: number
  readonly value: number | string | boolean
  /** Only for numbers in buckets. */
  readonly min?: number
  readonly max?: number
  readonly count?: number
  /** Only for counters in buckets: by how much it grew; a fall (reset, new meter) counts nothing. */
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
  /** Bucket width in ms; absent = raw readings. Whole hours are answered from the hourly roll-ups when raw is gone. */
  readonly bucket?: number
  /** At most so many points (the newest are kept); default 10,000. */
  readonly limit?: number
}

/** How long each class of data is kept, in days. */
export interface Retention {
  readonly rawDays: number
  readonly hourlyDays: number
}

export interface History {
  /** Newest journal seq whose entries are stored; 0 at first. Survives restarts. */
  cursor(): Promise<number>
  /**
   * Reads the entries once, in order, stores them and moves the cursor to `upTo`, both or (safely repeatable) neither: writing the same
   * entries again changes nothing. Throws HISTORY_UNAVAILABLE when the engine cannot be reached; the caller waits and repeats.
   * Entries that the engine refuses for their content are counted in `refused` and passed over.
   */
  write(entries: Iterable<Journaled<DeviceEntry>>, upTo: number): Promise<{ refused: number }>
  /** Points in time order. Unknown device or field: empty. */
  query(query: HistoryQuery): Promise<HistoryPoint[]>
  /** How many readings are stored of a device (or of all); for checks and tests. */
  count(query: { type: string; device?: string }): Promise<number>
  /** Brings hourly roll-ups up to date, late data included. */
  rollUp(now: number): Promise<void>
  /** Drops what is older than its class allows. */
  prune(retention: Retention, now: number): Promise<void>
  close(): Promise<void>
}
