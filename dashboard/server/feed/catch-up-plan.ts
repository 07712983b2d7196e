/** Decides whether a console gets the missing changes or a snapshot, and splits a snapshot into pages. Pure. */
import type { FeedCursor } from '../../../model/change.ts'
import type { FeedSnapshot } from '../../../model/live-feed.ts'

/** Beyond this a snapshot is smaller than the missing changes. */
export const MAX_MISSING_CHANGES = 5000

export type CatchUpPlan =
  | { readonly kind: 'changes'; readonly from: number }
  | {
      readonly kind: 'snapshot'
      readonly reason: 'no-cursor' | 'other-epoch' | 'ahead-of-log' | 'too-far-behind' | 'log-trimmed'
    }

export interface LogExtent {
  readonly head: FeedCursor
  /** Oldest seq in the log; 0 when the log is empty. */
  readonly firstSeq: number
}

export function planCatchUp(cursor: FeedCursor | null, { head, firstSeq }: LogExtent): CatchUpPlan {
  if (!cursor) return { kind: 'snapshot', reason: 'no-cursor' }
  if (cursor.epoch !== head.epoch) return { kind: 'snapshot', reason: 'other-epoch' }
  if (cursor.seq > head.seq) return { kind: 'snapshot', reason: 'ahead-of-log' }
  if (head.seq - cursor.seq > MAX_MISSING_CHANGES) return { kind: 'snapshot', reason: 'too-far-behind' }
  const oldest = firstSeq === 0 ? head.seq + 1 : firstSeq
  if (cursor.seq < oldest - 1) return { kind: 'snapshot', reason: 'log-trimmed' }
  return { kind: 'changes', from: cursor.seq }
}

/** Pages of at most `size` entities; one empty page when nothing is open. */
export function splitSnapshot(snapshot: FeedSnapshot, size: number): FeedSnapshot[] {
  const empty: FeedSnapshot = { alerts: [], cases: [], workOrders: [] }
  const pages = [
    ...slices(snapshot.alerts, size).map((alerts) => ({ ...empty, alerts })),
    ...slices(snapshot.cases, size).map((cases) => ({ ...empty, cases })),
    ...slices(snapshot.workOrders, size).map((workOrders) => ({ ...empty, workOrders })),
  ]
  return pages.length > 0 ? pages : [empty]
}

function slices<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size))
}
