/** Passes the newest feed state on to the screens, at most ten times a second. */
import { emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'

export interface StatePublisher {
  /** Publishes the state soon, unless a newer one replaces it before. */
  accept(state: FeedState): void
  /** Publishes the newest state now. */
  flush(): void
  /** Discards the newest state. */
  reset(): void
}

/** Shortest time between two updates of the screen. */
const PUBLISH_MS = 100

export function createStatePublisher(publish: (state: FeedState) => void): StatePublisher {
  let newest = emptyFeedState
  let timer: ReturnType<typeof setTimeout> | undefined

  const cancelTimer = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const flush = (): void => {
    cancelTimer()
    publish(newest)
  }
  return {
    accept(state) {
      newest = state
      timer ??= setTimeout(flush, PUBLISH_MS)
    },
    flush,
    reset() {
      cancelTimer()
      newest = emptyFeedState
    },
  }
}
