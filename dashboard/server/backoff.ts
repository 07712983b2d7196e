/** How long a login or an address must wait after wrong passwords. Pure bookkeeping; the caller brings the time. */

export interface BackoffOptions {
  /** Wrong passwords that cost nothing. */
  readonly free: number
  /** Wait after the first one that costs, ms; doubles with each further one. */
  readonly firstWait: number
  readonly maxWait: number
  /** A key that is quiet for so long is forgiven, ms. */
  readonly forgiveAfter: number
  /** Keys remembered; the one quiet for longest makes room. */
  readonly maxKeys: number
}

export interface Backoff {
  /** ms to wait before this key may try again; 0 = now. */
  wait(key: string, now: number): number
  /** Counts an attempt as failed, before its password is checked, so that parallel guesses count too. */
  fail(key: string, now: number): void
  /** Takes one attempt back: its password was right. */
  excuse(key: string): void
  /** Forgets all failures of the key. */
  forgive(key: string): void
}

interface Entry {
  failures: number
  until: number
  lastAt: number
}

export function createBackoff(options: BackoffOptions): Backoff {
  const entries = new Map<string, Entry>()
  const live = (key: string, now: number): Entry | undefined => {
    const entry = entries.get(key)
    if (!entry || now - entry.lastAt <= options.forgiveAfter) return entry
    entries.delete(key)
    return undefined
  }
  return {
    wait: (key, now) => Math.max(0, (live(key, now)?.until ?? 0) - now),
    fail(key, now) {
      const failures = (live(key, now)?.failures ?? 0) + 1
      entries.delete(key)
      entries.set(key, { failures, until: now + waitAfter(failures, options), lastAt: now })
      if (entries.size > options.maxKeys) dropOldest(entries)
    },
    excuse(key) {
      const entry = entries.get(key)
      if (!entry) return
      entry.failures--
      entry.until = entry.failures > 0 ? entry.until : 0
      if (entry.failures <= 0) entries.delete(key)
    },
    forgive: (key) => void entries.delete(key),
  }
}

/** 0 for the free ones, then firstWait, twice that, … up to maxWait. */
function waitAfter(failures: number, { free, firstWait, maxWait }: BackoffOptions): number {
  if (failures <= free) return 0
  return Math.min(maxWait, firstWait * 2 ** Math.min(30, failures - free - 1))
}

/** Insertion order is the order of the last failure, because `fail` inserts anew. */
function dropOldest(entries: Map<string, Entry>): void {
  const oldest = entries.keys().next()
  if (!oldest.done) entries.delete(oldest.value)
}
