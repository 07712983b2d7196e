/** Runs catch-ups and drops consoles that cannot follow; a dropped console reconnects with its cursor. */
import type { FeedCursor } from '../../../model/change.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { catchUp } from './catch-up.ts'
import { dropConnection, type FeedConsole, isBacklogged } from './console.ts'
import type { FeedMetrics } from './metrics.ts'

export type DropReason = 'slow' | 'no-ack' | 'flood' | 'failed'

export interface CatchUpService {
  /** Never rejects: a failure drops the console. */
  catchUp(console: FeedConsole, cursor: FeedCursor | null): Promise<void>
  drop(console: FeedConsole, reason: DropReason): void
  dropBacklogged(consoles: Iterable<FeedConsole>): void
}

/** Entities or changes in one page. */
const PAGE_SIZE = 100

export function createCatchUpService(deps: {
  readonly records: Records
  readonly readerPosition: () => number
  readonly ackTimeoutMs: number
  readonly metrics: FeedMetrics
  readonly logger: Logger
}): CatchUpService {
  const { metrics, logger } = deps
  const cutFor = (console: FeedConsole, reason: DropReason): void => {
    metrics.cuts.add({ reason })
    logger.info({ reason }, 'live feed dropped; the console will resume')
    dropConnection(console)
  }
  return {
    async catchUp(console, cursor) {
      try {
        const outcome = await catchUp(console, cursor, {
          ...deps,
          pageSize: PAGE_SIZE,
          onPlan: (plan) => metrics.catchUps.add({ kind: plan.kind === 'changes' ? 'changes' : plan.reason }),
        })
        if (outcome === 'not-acknowledged') cutFor(console, 'no-ack')
      } catch (err) {
        logger.error({ err }, 'catch-up of a console failed')
        cutFor(console, 'failed')
      }
    },
    drop: cutFor,
    dropBacklogged(consoles) {
      for (const console of consoles) if (isBacklogged(console)) cutFor(console, 'slow')
    },
  }
}
