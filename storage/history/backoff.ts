/** How long to leave an engine alone that failed: doubling from 1 s to 60 s with jitter, or as long as it asked for. */
import { HistoryUnavailable } from './unavailable.ts'

export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

export const defaultBackoff: Backoff = { firstMs: 1000, maxMs: 60_000 }

/** A `Retry-After` is kept, but not for longer than this. */
const MAX_RETRY_AFTER_MS = 600_000

/** `failures` in a row so far, 1 for the first; `random` in [0, 1). Returns ms. */
export function backoffOf(failures: number, error: unknown, random: number, backoff: Backoff): number {
  const asked = error instanceof HistoryUnavailable ? error.retryAfter : undefined
  if (asked !== undefined) return Math.min(asked, MAX_RETRY_AFTER_MS)
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (failures - 1))
  return full * (0.5 + random / 2)
}
