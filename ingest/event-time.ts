/** The device's time: parses `ts` and rates how far it can be trusted (DESIGN 4.1, domain.md D3). */
import type { TimeQuality } from '../model/entry.ts'
import { parseFixedFormat } from './fixed-format-time.ts'

/** Further ahead of the hub's clock than this is a wrong clock; the hub's time replaces it (domain.md D3). */
export const FUTURE_LIMIT_MS = 2 * 60_000
/** Older than this was sent later: history only (DESIGN 4.1). */
export const LATE_LIMIT_MS = 24 * 3600_000
/** Before this the device's clock has never been set: it counts from 1970 since boot. */
export const CLOCK_SET_MS = Date.UTC(2000, 0, 1)
/** Nanoseconds since 1970 in 64 bits end on 2262-04-11; no time series engine keeps a later one. */
const LAST_MS = Date.UTC(2262, 0, 1)

export interface EventTime {
  readonly ts: number
  readonly quality: TimeQuality
  /** The device's own time, when the hub's time replaces it. */
  readonly claimedTs?: number
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/**
 * ISO 8601 date and time with its offset, in ms. Anything else is undefined: a time without an offset would be read in
 * the hub's own zone, a bare number could be seconds or milliseconds.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const fixed = parseFixedFormat(value)
  if (fixed !== undefined) return fixed < LAST_MS ? fixed : undefined
  if (value.length > 40 || !isoTime.test(value)) return undefined
  const ms = Date.parse(value.includes(',') ? value.replace(',', '.') : value)
  if (Number.isNaN(ms) || ms >= LAST_MS || !isDayOfMonth(value)) return undefined
  return ms
}

/** Date.parse reads 30 February as 2 March. */
function isDayOfMonth(value: string): boolean {
  const day = Number(value.slice(8, 10))
  if (day <= 28) return true
  const month = Number(value.slice(5, 7))
  return day <= new Date(Date.UTC(Number(value.slice(0, 4)), month, 0)).getUTCDate()
}

/**
 * Event time of a message whose `ts` is parsed already. Without a credible one the hub's time replaces it. A time ahead
 * cannot come from a delayed message, so the reading is current and the clock is wrong (docs/decisions/0009).
 */
export function eventTime(ts: number | undefined, receivedAt: number): EventTime {
  if (ts === undefined) return { ts: receivedAt, quality: 'unset' }
  if (ts < CLOCK_SET_MS) return { ts: receivedAt, quality: 'unset', claimedTs: ts }
  if (ts > receivedAt + FUTURE_LIMIT_MS) return { ts: receivedAt, quality: 'future', claimedTs: ts }
  return { ts, quality: ts < receivedAt - LATE_LIMIT_MS ? 'late' : 'live' }
}
