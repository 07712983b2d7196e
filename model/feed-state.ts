/** What a console holds, and how pages and changes of the live feed alter it. Shared by web apps and tests. */
import { type Alert, isOpen } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'
import type { Change, FeedCursor } from './change.ts'
import type { FeedPage, FeedSnapshot } from './live-feed.ts'

/** Everything open, by id. */
export interface OpenEntities {
  alerts: Map<string, Alert>
  cases: Map<string, Case>
  workOrders: Map<string, WorkOrder>
}

export interface FeedState extends OpenEntities {
  /** Up to where `alerts`, `cases` and `workOrders` are right; null before the first whole snapshot. */
  cursor: FeedCursor | null
  /** A snapshot that is still arriving; what is shown stays as it was until the snapshot is whole. */
  staged: (OpenEntities & { asOf: number }) | null
}

/** `known` = had it already; `stray` = the rest of a snapshot that was given up; `gap` = ask again with `resumeCursor`. */
export type Applied = 'applied' | 'known' | 'stray' | 'gap'

export function emptyFeedState(): FeedState {
  return { ...emptyEntities(), cursor: null, staged: null }
}

/** The cursor for the handshake or for `resume`. Gives up a snapshot that is half here. */
export function resumeCursor(state: FeedState): FeedCursor | null {
  state.staged = null
  return state.cursor
}

/** Applies one acknowledged page; the console acknowledges it whatever the answer is. */
export function applyPage(state: FeedState, page: FeedPage): Applied {
  if (page.kind === 'snapshot') return applySnapshotPage(state, page)
  if (state.staged) promote(state, page.epoch)
  if (state.cursor?.epoch !== page.epoch) return 'gap'
  for (const change of page.changes) {
    if (applyChange(state, change) === 'gap') return 'gap'
  }
  return 'applied'
}

/** Applies one change, when it is the next one. */
export function applyChange(state: FeedState, change: Change): Applied {
  if (!state.cursor || state.staged) return 'gap'
  if (change.seq <= state.cursor.seq) return 'known'
  if (change.prevSeq !== state.cursor.seq) return 'gap'
  putEntity(state, change)
  state.cursor = { epoch: state.cursor.epoch, seq: change.seq }
  return 'applied'
}

function applySnapshotPage(state: FeedState, page: Extract<FeedPage, { kind: 'snapshot' }>): Applied {
  if (page.first) state.staged = { ...emptyEntities(), asOf: page.asOf }
  if (!state.staged || state.staged.asOf !== page.asOf) return 'stray'
  addPart(state.staged, page.part)
  if (page.last) promote(state, page.epoch)
  return 'applied'
}

function promote(state: FeedState, epoch: string): void {
  if (!state.staged) return
  const { asOf, ...entities } = state.staged
  Object.assign(state, entities)
  state.cursor = { epoch, seq: asOf }
  state.staged = null
}

function addPart(entities: OpenEntities, part: FeedSnapshot): void {
  for (const alert of part.alerts) entities.alerts.set(alert.id, alert)
  for (const value of part.cases) entities.cases.set(value.id, value)
  for (const order of part.workOrders) entities.workOrders.set(order.id, order)
}

/** Keeps what is open, forgets what is not: the same set that a snapshot would bring. */
function putEntity(entities: OpenEntities, change: Change): void {
  switch (change.entity) {
    case 'alert':
      return keep(entities.alerts, change.after, isOpen(change.after))
    case 'case':
      return keep(entities.cases, change.after, change.after.state !== 'closed')
    case 'workOrder':
      return keep(
        entities.workOrders,
        change.after,
        change.after.state !== 'closed' && change.after.state !== 'cancelled',
      )
  }
}

function keep<T extends { readonly id: string }>(map: Map<string, T>, value: T, open: boolean): void {
  if (open) map.set(value.id, value)
  else map.delete(value.id)
}

function emptyEntities(): OpenEntities {
  return { alerts: new Map(), cases: new Map(), workOrders: new Map() }
}
