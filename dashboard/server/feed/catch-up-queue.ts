/** Brings consoles level and cuts those that cannot follow; a cut console comes back by itself with its cursor. */
import type { FeedCursor } from '../../../model/change.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { catchUp } from './catch-up.ts'
import { cut, type FeedConsole, isTooSlow } from './console.ts'
import type { FeedMetrics } from './metrics.ts'

export type CutReason = 'slow' | 'no-ack' | 'flood' | 'failed'

export interface Leveller {
  /** Never rejects: what fails cuts the console. */
  bringLevel(console: FeedConsole, cursor: FeedCursor | null): Promise<void>
  cutFor(console: FeedConsole, reason: CutReason): void
  cutSlow(consoles: Iterable<FeedConsole>): void
}

/** Entities or changes in one page. */
const PAGE_SIZE = 100

export function createLeveller(deps: {
  readonly records: Records
  readonly readerPosition: () => number
  readonly ackTimeoutMs: number
  readonly metrics: FeedMetrics
  readonly logger: Logger
}): Leveller {
  const { metrics, logger } = deps
  const cutFor = (console: FeedConsole, reason: CutReason): void => {
    metrics.cuts.add({ reason })
    logger.info({ reason }, 'live feed cut; its console will resume')
    cut(console)
  }
  return {
    async bringLevel(console, cursor) {
      try {
        const outcome = await catchUp(console, cursor, {
          ...deps,
          pageSize: PAGE_SIZE,
          onPlan: (plan) => metrics.catchUps.add({ kind: plan.kind === 'changes' ? 'changes' : plan.reason }),
        })
        if (outcome === 'not-acknowledged') cutFor(console, 'no-ack')
      } catch (err) {
        logger.error({ err }, 'a console could not be brought level')
        cutFor(console, 'failed')
      }
    },
    cutFor,
    cutSlow(consoles) {
      for (const console of consoles) if (isTooSlow(console)) cutFor(console, 'slow')
    },
  }
}
