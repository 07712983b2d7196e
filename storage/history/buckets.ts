/** Summaries of a field over time buckets: how two neighbours are joined, and their chart points. */

import type { HistoryPoint } from '../../model/ports/history.ts'
import { HOUR_MS } from '../../model/time.ts'

/** Start of the bucket of `width` ms in which `ts` lies; buckets count from 1970-01-01 UTC. */
export function bucketOf(ts: number, width: number): number {
  return Math.floor(ts / width) * width
}

/** Start of the hour in which `ts` lies, ms. */
export function hourOf(ts: number): number {
  return bucketOf(ts, HOUR_MS)
}

/** A number field over one bucket. `first` and `last` by event time. */
export interface NumberBucket {
  readonly at: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly first: number
  readonly last: number
  /** Sum of the increases between consecutive readings in the bucket; a fall (reset, new meter) counts 0. */
  readonly rise: number
}

/** A word, list or boolean over one bucket: its last value. */
export interface WordBucket {
  readonly at: number
  readonly last: string | boolean
}

/** Joins two buckets; `later` follows `earlier` in time. */
export function joinNumbers(earlier: NumberBucket, later: NumberBucket): NumberBucket {
  return {
    at: earlier.at,
    count: earlier.count + later.count,
    sum: earlier.sum + later.sum,
    min: Math.min(earlier.min, later.min),
    max: Math.max(earlier.max, later.max),
    first: earlier.first,
    last: later.last,
    rise: earlier.rise + later.rise + Math.max(0, later.first - earlier.last),
  }
}

/** Joins buckets in time order to wider ones of `width` ms. */
export function regroup<B extends { readonly at: number }>(
  spans: readonly B[],
  width: number,
  join: (earlier: B, later: B) => B,
): B[] {
  const groups: B[] = []
  for (const span of spans) {
    const at = bucketOf(span.at, width)
    const open = groups.at(-1)
    if (open?.at === at) groups[groups.length - 1] = join(open, span)
    else groups.push({ ...span, at })
  }
  return groups
}

/** Chart points of number buckets in time order; those of counters include the increase. */
export function numberPoints(buckets: readonly NumberBucket[], counter: boolean): HistoryPoint[] {
  return buckets.map((bucket, index) => {
    const before = buckets[index - 1]
    const step = before ? Math.max(0, bucket.first - before.last) : 0
    return {
      at: bucket.at,
      value: bucket.sum / bucket.count,
      min: bucket.min,
      max: bucket.max,
      count: bucket.count,
      ...(counter && { increase: bucket.rise + step }),
    }
  })
}

/** Chart points of word buckets. */
export function wordPoints(buckets: readonly WordBucket[]): HistoryPoint[] {
  return buckets.map((bucket) => ({ at: bucket.at, value: bucket.last }))
}
