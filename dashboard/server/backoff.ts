/** Exponential back-off per key (login or address) after wrong passwords. The caller passes the time. */

export interface BackoffOptions {
  /** Failures without a wait. */
  readonly freeAttempts: number
  /** Wait after the next failure, ms; doubles with each further one. */
  readonly firstWait: number
  readonly maxWait: number
  /** Time without a failure after which the count is reset, ms. */
  readonly resetAfter: number
  /** Maximum number of keys; the one with the oldest failure is evicted. */
  readonly maxKeys: number
}

export interface Backoff {
  /** ms until the next attempt is allowed; 0 = now. */
  wait(key: string, now: number): number
  /** Counts a failure. Called before the password is checked, so that parallel guesses count too. */
  fail(key: string, now: number): void
  /** Removes one failure: the password was right, or was not checked. */
  undo(key: string): void
  /** Removes all failures of the key. */
  reset(key: string): void
}

interface Entry {
  failures: number
  until: number
  lastAt: number
}

export function createBackoff(options: BackoffOptions): Backoff {
  const entries = new Map<string, Entry>()
  const currentEntry = (key: string, now: number): Entry | undefined => {
    const entry = entries.get(key)
    if (!entry || now - entry.lastAt <= options.resetAfter) return entry
    entries.delete(key)
    return undefined
  }
  return {
    wait: (key, now) => Math.max(0, (currentEntry(key, now)?.until ?? 0) - now),
    fail(key, now) {
      const failures = (currentEntry(key, now)?.failures ?? 0) + 1
      entries.delete(key)
      entries.set(key, { failures, until: now + waitAfter(failures, options), lastAt: now })
      if (entries.size > options.maxKeys) dropOldest(entries)
    },
    undo(key) {
      const entry = entries.get(key)
      if (!entry) return
      entry.failures--
      entry.until = entry.failures > 0 ? entry.until : 0
      if (entry.failures <= 0) entries.delete(key)
    },
    reset: (key) => void entries.delete(key),
  }
}

/** 0 for the free attempts, then firstWait, doubled up to maxWait. */
function waitAfter(failures: number, { freeAttempts, firstWait, maxWait }: BackoffOptions): number {
  if (failures <= freeAttempts) return 0
  return Math.min(maxWait, firstWait * 2 ** Math.min(30, failures - freeAttempts - 1))
}

/** Insertion order is the order of the last failure, because `fail` reinserts. */
function dropOldest(entries: Map<string, Entry>): void {
  const oldest = entries.keys().next()
  if (!oldest.done) entries.delete(oldest.value)
}
