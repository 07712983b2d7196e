/** Whether the feed is live, how old its data is, and the hub's time; reopens a connection that is dead. */
import { ref, shallowRef } from 'vue'
import type { Clock } from '../../../../model/clock.ts'
import type { FeedTick } from '../../../../model/live-feed.ts'
import { type HubTick, hubTime } from '../clock.ts'
import type { ConnectionStatus } from './connection.ts'
import { type Freshness, freshness } from './freshness.ts'

/** An open connection without a message for this long is dead, e.g. after sleep or a lost route. */
const DEAD_CONNECTION_MS = 15_000

const disconnected: ConnectionStatus = { connected: false, synced: false }

/** `update` must be called twice a second. */
export function createLiveness(clock: Clock, reopen: () => void) {
  const fresh = shallowRef<Freshness>({ state: 'connecting' })
  /** Hub clock, ms; advances while live, stops while stale. */
  const now = ref(clock.now())
  /** Seconds since the last message of the server. */
  const secondsSinceMessage = ref(0)
  let status = disconnected
  let lastMessageAt: number | null = null
  let hubTick: HubTick | null = null
  let openedAt = 0
  let wasStale = false

  const reopenIfDead = (screenNow: number): void => {
    const aliveAt = Math.max(lastMessageAt ?? 0, openedAt)
    if (!status.connected || screenNow - aliveAt < DEAD_CONNECTION_MS) return
    openedAt = screenNow
    reopen()
  }
  const update = (): void => {
    const screenNow = clock.now()
    reopenIfDead(screenNow)
    const next = freshness({ ...status, lastMessageAt }, screenNow)
    if (next.state !== fresh.value.state) fresh.value = next
    if (next.state === 'stale') wasStale = true
    else now.value = hubTime(hubTick, screenNow)
    secondsSinceMessage.value = lastMessageAt === null ? 0 : Math.floor((screenNow - lastMessageAt) / 1000)
  }

  return {
    fresh,
    now,
    secondsSinceMessage,
    update,
    onMessage() {
      lastMessageAt = clock.now()
    },
    onTick(tick: FeedTick) {
      hubTick = { hub: tick.now, screen: clock.now() }
      update()
    },
    onStatus(next: ConnectionStatus) {
      if (next.connected && !status.connected) openedAt = clock.now()
      status = next
      update()
    },
    /** True when the data has been stale since the last call. */
    endOutage(): boolean {
      const ended = wasStale
      wasStale = false
      return ended
    },
    reset() {
      status = disconnected
      lastMessageAt = null
      hubTick = null
      wasStale = false
      fresh.value = { state: 'connecting' }
    },
  }
}
