/** Keeps the state of one console in sync with the feed: applies messages, acknowledges pages, detects gaps. */
import type { Change, FeedCursor } from '../../../../model/change.ts'
import { applyChange, applyPage, emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type { FeedPage, FeedTick } from '../../../../model/live-feed.ts'

/** A completed catch-up: number of changes, or of alerts in a snapshot. */
export interface CaughtUp {
  readonly count: number
  readonly snapshot: boolean
}

export interface SyncListener {
  /** The state has changed; `changes` is empty for a snapshot. */
  onState(state: FeedState, changes: readonly Change[]): void
  /** Changes are missing: the server must send everything after `from`; null = a snapshot. */
  onGap(from: FeedCursor | null): void
  onCaughtUp(caughtUp: CaughtUp): void
}

export interface FeedSync {
  /** Position of the state; null before the first complete snapshot. */
  cursor(): FeedCursor | null
  /** A new answer of the server follows: discards an incomplete one. */
  restart(): void
  applyPage(page: FeedPage, acknowledge: () => void): void
  applyChange(change: Change): void
  /** Detects a gap when the state stays behind the head. */
  checkHead(tick: FeedTick): void
}

export interface SyncOptions {
  /** True when this user receives every change, so a state behind the head has a gap (false for crews). */
  readonly wholeLog: boolean
}

/** Consecutive ticks behind the head without progress that count as a gap. */
const MAX_TICKS_BEHIND = 3

export function createFeedSync({ wholeLog }: SyncOptions, listener: SyncListener): FeedSync {
  let state = emptyFeedState
  let synced = false
  let catchUpCount = 0
  let ticksBehind = 0
  let seqAtLastTick = -1

  const restart = (): void => {
    synced = false
    catchUpCount = 0
    ticksBehind = 0
    state = { ...state, arriving: null }
  }
  const reportGap = (from: FeedCursor | null): void => {
    restart()
    listener.onGap(from)
  }
  const finishCatchUp = (page: FeedPage): void => {
    const snapshot = page.kind === 'snapshot'
    synced = true
    listener.onCaughtUp({ count: snapshot ? state.alerts.size : catchUpCount, snapshot })
    catchUpCount = 0
  }

  return {
    cursor: () => state.cursor,
    restart,
    applyPage(page, acknowledge) {
      const step = applyPage(state, page)
      // A page with a gap is not acknowledged: the answer to `resume` replaces it.
      if (step.kind === 'gap') return reportGap(null)
      if (step.kind === 'applied') {
        state = step.state
        if (page.kind === 'changes') catchUpCount += step.changes.length
        if (page.kind === 'changes' || page.last) listener.onState(state, step.changes)
      }
      acknowledge()
      if (page.last) finishCatchUp(page)
    },
    applyChange(change) {
      // While out of sync: the answer of the server will contain this change.
      if (!synced) return
      const step = applyChange(state, change)
      if (step.kind === 'gap') reportGap(state.cursor)
      if (step.kind !== 'applied') return
      state = step.state
      listener.onState(state, step.changes)
    },
    checkHead({ head }) {
      if (!wholeLog || !synced || !state.cursor) return
      const { seq } = state.cursor
      ticksBehind = head > seq && seq === seqAtLastTick ? ticksBehind + 1 : 0
      seqAtLastTick = seq
      if (ticksBehind >= MAX_TICKS_BEHIND) reportGap(state.cursor)
    },
  }
}
