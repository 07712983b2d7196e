/** Roll-ups and retention on a schedule; a failure is logged and retried after two minutes. */
import type { History, Retention } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { DAY_MS, MINUTE_MS } from '../../model/time.ts'
import { messageOf } from './retry.ts'

const ROLL_UP_EVERY_MS = 10 * MINUTE_MS
const RETRY_AFTER_MS = 2 * MINUTE_MS

export interface Upkeep {
  /** Does what is due at `now` (hub clock, ms); does nothing while a previous call is running. */
  tick(now: number): Promise<void>
}

export function createUpkeep(
  retention: Retention,
  deps: { readonly history: History; readonly logger: Logger },
): Upkeep {
  let rolledAt = Number.NEGATIVE_INFINITY
  let prunedAt = Number.NEGATIVE_INFINITY
  let retryAt = Number.NEGATIVE_INFINITY
  let isRunning = false

  async function work(now: number): Promise<void> {
    if (now - prunedAt >= DAY_MS) {
      await deps.history.prune(retention, now)
      prunedAt = now
      rolledAt = now
    } else if (now - rolledAt >= ROLL_UP_EVERY_MS) {
      await deps.history.rollUp(now)
      rolledAt = now
    }
  }

  return {
    async tick(now) {
      if (isRunning || now < retryAt) return
      isRunning = true
      try {
        await work(now)
      } catch (error) {
        retryAt = now + RETRY_AFTER_MS
        deps.logger.warn({ reason: messageOf(error) }, 'roll-up or retention of the history failed')
      } finally {
        isRunning = false
      }
    },
  }
}
