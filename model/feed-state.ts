/** State of the live feed in a console: applies pages and changes to the open entities. Pure; used by browsers and tests. */
import { type Alert, isOpen } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'
import type { Change, FeedCursor } from './change.ts'
import type { FeedPage, FeedSnapshot } from './live-feed.ts'

interface OpenEntities {
  readonly alerts: ReadonlyMap<string, Alert>
  readonly cases: ReadonlyMap<string, Case>
  readonly workOrders: ReadonlyMap<string, WorkOrder>
}

export interface FeedState extends OpenEntities {
  /** Position of the state; a console resumes from it. Null before the first complete snapshot. */
  readonly cursor: FeedCursor | null
  /** An incomplete snapshot; the former state stays in use until the last page. */
  readonly arriving: (OpenEntities & { readonly cursor: FeedCursor }) | null
}

/** Result of applying one message of the feed. */
export type FeedStep =
  | { readonly kind: 'applied'; readonly state: FeedState; readonly changes: readonly Change[] }
  /** Already applied. */
  | { readonly kind: 'repeated' }
  /** Changes are missing: resume from the cursor and ignore changes until the answer. */
  | { readonly kind: 'gap'; readonly ownSeq: number | null; readonly prevSeq: number | null }

export const emptyFeedState: FeedState = {
  cursor: null,
  alerts: new Map(),
  cases: new Map(),
  workOrders: new Map(),
  arriving: null,
}

/** Applies one page. A `changes` page without a state of the same epoch is a gap. */
export function applyPage(state: FeedState, page: FeedPage): FeedStep {
  return page.kind === 'snapshot' ? applySnapshotPage(state, page) : applyChanges(state, page)
}

/** Applies one live change. */
export function applyChange(state: FeedState, change: Change): FeedStep {
  if (!state.cursor) return { kind: 'gap', ownSeq: null, prevSeq: change.prevSeq }
  return applyChanges(state, { epoch: state.cursor.epoch, changes: [change] })
}

type SnapshotPage = Extract<FeedPage, { kind: 'snapshot' }>

function applySnapshotPage(state: FeedState, page: SnapshotPage): FeedStep {
  const before = page.first ? emptyFeedState : state.arriving
  if (!before) return { kind: 'gap', ownSeq: state.cursor?.seq ?? null, prevSeq: null }
  const entities = addSnapshot(before, page.part)
  const cursor = { epoch: page.epoch, seq: page.asOf }
  const next: FeedState = page.last
    ? { ...entities, cursor, arriving: null }
    : { ...state, arriving: { ...entities, cursor } }
  return { kind: 'applied', state: next, changes: [] }
}

function addSnapshot(entities: OpenEntities, part: FeedSnapshot): OpenEntities {
  return {
    alerts: withAll(entities.alerts, part.alerts),
    cases: withAll(entities.cases, part.cases),
    workOrders: withAll(entities.workOrders, part.workOrders),
  }
}

function withAll<T extends { readonly id: string }>(entities: ReadonlyMap<string, T>, more: readonly T[]) {
  return more.length === 0 ? entities : new Map([...entities, ...more.map((one) => [one.id, one] as const)])
}

function applyChanges(
  state: FeedState,
  page: { readonly epoch: string; readonly changes: readonly Change[] },
): FeedStep {
  const { cursor } = state
  if (!cursor || cursor.epoch !== page.epoch) {
    return { kind: 'gap', ownSeq: cursor?.seq ?? null, prevSeq: page.changes[0]?.prevSeq ?? null }
  }
  let seq = cursor.seq
  const fresh: Change[] = []
  for (const change of page.changes) {
    if (change.seq <= seq) continue
    if (change.prevSeq !== seq) return { kind: 'gap', ownSeq: seq, prevSeq: change.prevSeq }
    seq = change.seq
    fresh.push(change)
  }
  if (fresh.length === 0 && page.changes.length > 0) return { kind: 'repeated' }
  return { kind: 'applied', state: applyAll(state, { epoch: cursor.epoch, seq }, fresh), changes: fresh }
}

function applyAll(state: FeedState, cursor: FeedCursor, changes: readonly Change[]): FeedState {
  const alerts = new Map(state.alerts)
  const cases = new Map(state.cases)
  const workOrders = new Map(state.workOrders)
  for (const change of changes) {
    const { id } = change.after
    if (change.entity === 'alert') putOrDelete(alerts, id, isOpen(change.after) && change.after)
    else if (change.entity === 'case') putOrDelete(cases, id, change.after.state !== 'closed' && change.after)
    else putOrDelete(workOrders, id, isOpenOrder(change.after) && change.after)
  }
  return { cursor, alerts, cases, workOrders, arriving: null }
}

function putOrDelete<T>(entities: Map<string, T>, id: string, value: T | false): void {
  if (value === false) entities.delete(id)
  else entities.set(id, value)
}

/** True until a work order is closed or cancelled; `done` ones wait for the case to be closed. */
export function isOpenOrder(order: WorkOrder): boolean {
  return order.state !== 'closed' && order.state !== 'cancelled'
}
