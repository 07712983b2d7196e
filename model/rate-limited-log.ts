/** Log lines that a noisy sender cannot turn into a flood: one a key and span, with the number left out. */
import type { Clock } from './clock.ts'
import type { Logger } from './ports/logger.ts'
import { MINUTE_MS } from './time.ts'

export interface RateLimitedLog {
  /** Logs at once unless the same key was logged within the span; then it is counted into the next line. */
  warn(key: string, fields: Readonly<Record<string, unknown>>, message: string): void
}

interface Memory {
  loggedAt: number
  leftOut: number
}

const MAX_KEYS = 1000

/** `span` in ms (default one minute) of the given clock. At most 1,000 keys are remembered; the oldest is forgotten. */
export function rateLimitedLog(logger: Logger, clock: Clock, span = MINUTE_MS): RateLimitedLog {
  const seen = new Map<string, Memory>()
  return {
    warn(key, fields, message) {
      const now = clock.now()
      const memory = seen.get(key)
      if (memory && now >= memory.loggedAt && now - memory.loggedAt < span) {
        memory.leftOut++
        return
      }
      const leftOut = memory?.leftOut ?? 0
      logger.warn(leftOut > 0 ? { ...fields, leftOut } : fields, message)
      seen.delete(key)
      seen.set(key, { loggedAt: now, leftOut: 0 })
      if (seen.size > MAX_KEYS) seen.delete(seen.keys().next().value ?? '')
    },
  }
}
