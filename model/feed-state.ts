/** The live feed as a console holds it: pages and changes in, everything open out. Pure; browsers and tests share it. */
import { type Alert, isOpen } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'
import type { Change, FeedCursor } from './change.ts'
import type { FeedPage, FeedSnapshot } from './live-feed.ts'

interface Held {
  readonly alerts: ReadonlyMap<string, Alert>
  readonly cases: ReadonlyMap<string, Case>
  readonly workOrders: ReadonlyMap<string, WorkOrder>
}

export interface FeedState extends Held {
  /** Where the state stands, also what a console resumes from; null before the first whole snapshot. */
  readonly cursor: FeedCursor | null
  /** Pages of a snapshot that is not whole yet; what is shown stays the former state until it is. */
  readonly arriving: (Held & { readonly cursor: FeedCursor }) | null
}

/** What became of one message of the feed. */
export type FeedStep =
  | { readonly kind: 'applied'; readonly state: FeedState; readonly changes: readonly Change[] }
  /** Held already; nothing to do. */
  | { readonly kind: 'repeated' }
  /** Something between is missing: ask again from the cursor, ignore changes until the answer comes. */
  | { readonly kind: 'gap'; readonly heldSeq: number | null; readonly prevSeq: number | null }

export const emptyFeedState: FeedState = {
  cursor: null,
  alerts: new Map(),
  cases: new Map(),
  workOrders: new Map(),
  arriving: null,
}

/** Applies one page. A `changes` page without a state of the same epoch to stand on is a gap. */
export function applyPage(state: FeedState, page: FeedPage): FeedStep {
  return page.kind === 'snapshot' ? applySnapshotPage(state, page) : applyChanges(state, page)
}

/** Applies one live change. */
export function applyChange(state: FeedState, change: Change): FeedStep {
  if (!state.cursor) return { kind: 'gap', heldSeq: null, prevSeq: change.prevSeq }
  return applyChanges(state, { epoch: state.cursor.epoch, changes: [change] })
}

type SnapshotPage = Extract<FeedPage, { kind: 'snapshot' }>

function applySnapshotPage(state: FeedState, page: SnapshotPage): FeedStep {
  const before = page.first ? emptyFeedState : state.arriving
  if (!before) return { kind: 'gap', heldSeq: state.cursor?.seq ?? null, prevSeq: null }
  const held = addSnapshot(before, page.part)
  const cursor = { epoch: page.epoch, seq: page.asOf }
  const next: FeedState = page.last
    ? { ...held, cursor, arriving: null }
    : { ...state, arriving: { ...held, cursor } }
  return { kind: 'applied', state: next, changes: [] }
}

function addSnapshot(held: Held, part: FeedSnapshot): Held {
  return {
    alerts: withAll(held.alerts, part.alerts),
    cases: withAll(held.cases, part.cases),
    workOrders: withAll(held.workOrders, part.workOrders),
  }
}

function withAll<T extends { readonly id: string }>(held: ReadonlyMap<string, T>, more: readonly T[]) {
  return more.length === 0 ? held : new Map([...held, ...more.map((one) => [one.id, one] as const)])
}

function applyChanges(
  state: FeedState,
  page: { readonly epoch: string; readonly changes: readonly Change[] },
): FeedStep {
  const { cursor } = state
  if (!cursor || cursor.epoch !== page.epoch) {
    return { kind: 'gap', heldSeq: cursor?.seq ?? null, prevSeq: page.changes[0]?.prevSeq ?? null }
  }
  let seq = cursor.seq
  const fresh: Change[] = []
  for (const change of page.changes) {
    if (change.seq <= seq) continue
    if (change.prevSeq !== seq) return { kind: 'gap', heldSeq: seq, prevSeq: change.prevSeq }
    seq = change.seq
    fresh.push(change)
  }
  if (fresh.length === 0 && page.changes.length > 0) return { kind: 'repeated' }
  return { kind: 'applied', state: putAll(state, { epoch: cursor.epoch, seq }, fresh), changes: fresh }
}

function putAll(state: FeedState, cursor: FeedCursor, changes: readonly Change[]): FeedState {
  const alerts = new Map(state.alerts)
  const cases = new Map(state.cases)
  const workOrders = new Map(state.workOrders)
  for (const change of changes) {
    const { id } = change.after
    if (change.entity === 'alert') keep(alerts, id, isOpen(change.after) && change.after)
    else if (change.entity === 'case') keep(cases, id, change.after.state !== 'closed' && change.after)
    else keep(workOrders, id, isOpenOrder(change.after) && change.after)
  }
  return { cursor, alerts, cases, workOrders, arriving: null }
}

function keep<T>(held: Map<string, T>, id: string, value: T | false): void {
  if (value === false) held.delete(id)
  else held.set(id, value)
}

/** Work orders leave the live lists when closed or cancelled; `done` ones wait for the case to be closed. */
export function isOpenOrder(order: WorkOrder): boolean {
  return order.state !== 'closed' && order.state !== 'cancelled'
}
