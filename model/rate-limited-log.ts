/** Limits log lines to one for each key and span; the next line has the number of those left out. */
import type { Clock } from './clock.ts'
import type { Logger } from './ports/logger.ts'
import { MINUTE_MS } from './time.ts'

export interface RateLimitedLog {
  /** Logs at once unless the same key was logged within the span; then it is counted into the next line. */
  warn(key: string, fields: Readonly<Record<string, unknown>>, message: string): void
}

interface KeyState {
  loggedAt: number
  leftOut: number
}

const MAX_KEYS = 1000

/** `span` in ms (default one minute) of the given clock. Remembers at most 1,000 keys, the newest. */
export function rateLimitedLog(logger: Logger, clock: Clock, span = MINUTE_MS): RateLimitedLog {
  const seen = new Map<string, KeyState>()
  return {
    warn(key, fields, message) {
      const now = clock.now()
      const state = seen.get(key)
      if (state && now >= state.loggedAt && now - state.loggedAt < span) {
        state.leftOut++
        return
      }
      const leftOut = state?.leftOut ?? 0
      logger.warn(leftOut > 0 ? { ...fields, leftOut } : fields, message)
      seen.delete(key)
      seen.set(key, { loggedAt: now, leftOut: 0 })
      if (seen.size > MAX_KEYS) seen.delete(seen.keys().next().value ?? '')
    },
  }
}
