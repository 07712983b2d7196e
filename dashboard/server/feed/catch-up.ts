/** Catch-up of one console: acknowledged pages of a snapshot or of missing changes, then live without a gap. */
import type { Change, FeedCursor } from '../../../model/change.ts'
import type { FeedPage, FeedSnapshot } from '../../../model/live-feed.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { type CatchUpPlan, planCatchUp, splitSnapshot } from './catch-up-plan.ts'
import { chainFor, dropConnection, type FeedConsole, isBacklogged } from './console.ts'
import type { FeedMetrics } from './metrics.ts'

export interface CatchUpDeps {
  readonly records: Records
  /** Seq up to which the log reader has emitted changes. */
  readonly readerPosition: () => number
  readonly pageSize: number
  readonly ackTimeoutMs: number
  readonly onPlan: (plan: CatchUpPlan) => void
}

export type CatchUpOutcome = 'live' | 'superseded' | 'not-acknowledged'

/**
 * Sends everything after `cursor`. The console becomes live in the same synchronous step in which its last page is
 * written and its position reaches the log reader's. Later changes queue behind that page, so nothing is buffered, lost
 * or sent twice.
 */
export async function catchUp(
  console: FeedConsole,
  cursor: FeedCursor | null,
  deps: CatchUpDeps,
): Promise<CatchUpOutcome> {
  console.live = false
  const run = ++console.catchUpRun
  // Must be checked after every await: a `resume` may have started a newer catch-up.
  const isCurrent = (): boolean => console.catchUpRun === run && console.socket.connected
  const sending = { ...deps, isCurrent }
  for (let from: FeedCursor | null = cursor; ; from = null) {
    const [head, firstSeq] = await Promise.all([deps.records.changes.head(), deps.records.changes.firstSeq()])
    if (!isCurrent()) return 'superseded'
    const plan = planCatchUp(from, { head, firstSeq })
    deps.onPlan(plan)
    const outcome =
      plan.kind === 'changes'
        ? await sendChanges(console, { epoch: head.epoch, seq: plan.from }, sending)
        : await sendSnapshot(console, sending)
    // The log was trimmed during the catch-up: start again with a snapshot.
    if (outcome !== 'log-broken') return outcome
  }
}

type Sending = CatchUpDeps & { readonly isCurrent: () => boolean }

async function sendSnapshot(console: FeedConsole, deps: Sending): Promise<CatchUpOutcome | 'log-broken'> {
  const { head, snapshot } = await readSnapshot(deps.records)
  if (!deps.isCurrent()) return 'superseded'
  const pages = splitSnapshot(console.scope.filter(snapshot), deps.pageSize)
  for (const [index, part] of pages.entries()) {
    const last = index === pages.length - 1
    const position = { first: index === 0, last, asOf: head.seq }
    const page: FeedPage = { kind: 'snapshot', epoch: head.epoch, ...position, part }
    if (last) console.lastSent = head.seq
    const live = last && goLive(console, head.seq, deps)
    const sent = await sendPage(console, page, deps)
    if (sent !== 'acknowledged') return sent
    if (live) return 'live'
  }
  return sendChanges(console, head, deps)
}

/** Everything open and the seq it belongs to, read in one transaction. */
async function readSnapshot(records: Records): Promise<{ head: FeedCursor; snapshot: FeedSnapshot }> {
  return records.transaction(async (tx) => {
    const alerts = await tx.alerts.open()
    const cases = await tx.cases.open()
    const workOrders = await tx.workOrders.open()
    return { head: await tx.changes.head(), snapshot: { alerts, cases, workOrders } }
  })
}

async function sendChanges(
  console: FeedConsole,
  from: FeedCursor,
  deps: Sending,
): Promise<CatchUpOutcome | 'log-broken'> {
  console.lastSent = from.seq
  let position = from.seq
  for (;;) {
    const missing = await deps.records.changes.after(position, deps.pageSize)
    if (!deps.isCurrent()) return 'superseded'
    if (isLogBroken(missing, position, deps)) return 'log-broken'
    position = missing.at(-1)?.seq ?? position
    const changes = chainFor(console, missing)
    const live = goLive(console, position, deps)
    if (changes.length === 0 && !live) continue
    const page: FeedPage = { kind: 'changes', epoch: from.epoch, last: live, changes }
    const sent = await sendPage(console, page, deps)
    if (sent !== 'acknowledged') return sent
    if (live) return 'live'
  }
}

function isLogBroken(missing: readonly Change[], position: number, deps: CatchUpDeps): boolean {
  const [next] = missing
  return next ? next.prevSeq !== position : position < deps.readerPosition()
}

/** Makes the console live if it has reached the log reader; the page must follow without an await in between. */
function goLive(console: FeedConsole, position: number, deps: CatchUpDeps): boolean {
  if (position < deps.readerPosition()) return false
  console.position = position
  console.live = true
  return true
}

async function sendPage(
  console: FeedConsole,
  page: FeedPage,
  deps: Sending,
): Promise<'acknowledged' | 'superseded' | 'not-acknowledged'> {
  try {
    await console.socket.timeout(deps.ackTimeoutMs).emitWithAck('page', page)
  } catch {
    return deps.isCurrent() ? 'not-acknowledged' : 'superseded'
  }
  return deps.isCurrent() ? 'acknowledged' : 'superseded'
}

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
  const drop = (console: FeedConsole, reason: DropReason): void => {
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
        if (outcome === 'not-acknowledged') drop(console, 'no-ack')
      } catch (err) {
        logger.error({ err }, 'catch-up of a console failed')
        drop(console, 'failed')
      }
    },
    drop,
    dropBacklogged(consoles) {
      for (const console of consoles) if (isBacklogged(console)) drop(console, 'slow')
    },
  }
}
