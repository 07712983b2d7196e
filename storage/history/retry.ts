/** Failures of an engine that are retried, and how long to wait before each retry. */
import { LinliError } from '../../model/errors.ts'
import { MINUTE_MS, SECOND_MS } from '../../model/time.ts'

/** The engine cannot be reached, or asks to retry later: the caller keeps its position in the journal and retries. */
export class HistoryUnavailable extends LinliError {
  /** The wait that the engine asked for, ms; undefined when it gave none. */
  readonly retryAfter: number | undefined

  constructor(message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super('HISTORY_UNAVAILABLE', message, { cause: options.cause })
    this.name = 'HistoryUnavailable'
    this.retryAfter = options.retryAfter
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

export const defaultBackoff: Backoff = { firstMs: SECOND_MS, maxMs: MINUTE_MS }

/** Upper limit for a `Retry-After` of the engine. */
const MAX_RETRY_AFTER_MS = 10 * MINUTE_MS

/**
 * The wait before the next retry, ms: what the engine asked for, or doubling with each failure, with jitter down to half.
 * `failures` in a row so far, 1 for the first; `random` in [0, 1).
 */
export function backoffOf(failures: number, error: unknown, random: number, backoff: Backoff): number {
  const asked = error instanceof HistoryUnavailable ? error.retryAfter : undefined
  if (asked !== undefined) return Math.min(asked, MAX_RETRY_AFTER_MS)
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (failures - 1))
  return full * (0.5 + random / 2)
}
