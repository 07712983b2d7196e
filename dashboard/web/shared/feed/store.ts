/** The live feed as the screens see it: open alerts, cases and orders, freshness, and the hub's time. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type { Change } from '../../../../model/change.ts'
import type { Cancel } from '../../../../model/clock.ts'
import { emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type { FeedTick, LatestReading } from '../../../../model/live-feed.ts'
import { screenClock } from '../clock.ts'
import { arrivals } from './new-alerts.ts'
import { createFeedConnection, type FeedConnection, type FeedListener } from './connection.ts'
import { type Freshness, freshness } from './freshness.ts'
import { type HubTick, hubTime } from './hub-time.ts'
import { openFeedSocket } from './socket.ts'

export interface CaughtUp {
  readonly count: number
  readonly snapshot: boolean
}
export interface FeedStart {
  readonly wholeLog: boolean
  /** The connection was cut or refused: the session may be over. */
  readonly onCut: () => void
}

/** How often a storm of changes may redraw the screen. */
const PUBLISH_MS = 100
const LOOK_MS = 500
const SLOW_MS = 10_000
/** A line that is open but silent for so long is dead, whatever the network says (a sleeping screen, a lost route). */
const DEAD_MS = 15_000

export const useFeed = defineStore('feed', () => {
  const state = shallowRef<FeedState>(emptyFeedState)
  const tick = shallowRef<FeedTick | null>(null)
  const fresh = shallowRef<Freshness>({ state: 'connecting' })
  /** Hub clock, ms; moves every half second while live and stands still while stale. */
  const now = ref(screenClock.now())
  /** The same to ten seconds: for what would be costly to work out anew twice a second. */
  const slowNow = computed(() => Math.floor(now.value / SLOW_MS) * SLOW_MS)
  const lastHeardAt = ref<number | null>(null)
  /** Seconds since anything came from the server. */
  const silence = ref(0)
  const telemetry = shallowRef<ReadonlyMap<string, LatestReading>>(new Map())

  const arrivalListeners = new Set<(alerts: readonly Alert[]) => void>()
  const changeListeners = new Set<(changes: readonly Change[]) => void>()
  const caughtUpListeners = new Set<(caughtUp: CaughtUp) => void>()

  let connection: FeedConnection | null = null
  let cancel: Cancel = () => {}
  let newest: FeedState = emptyFeedState
  let publishing: ReturnType<typeof setTimeout> | null = null
  let link = { connected: false, synced: false }
  let hubTick: HubTick | null = null
  let wasStale = false
  let reopenedAt = 0

  const live = computed(() => fresh.value.state === 'live')

  const look = (): void => {
    const screenNow = screenClock.now()
    reopenWhenDead(screenNow)
    const next = freshness({ ...link, lastHeardAt: lastHeardAt.value }, screenNow)
    if (next.state !== fresh.value.state) fresh.value = next
    if (next.state === 'stale') wasStale = true
    else now.value = hubTime(hubTick, screenNow)
    silence.value = lastHeardAt.value === null ? 0 : Math.floor((screenNow - lastHeardAt.value) / 1000)
  }

  const reopenWhenDead = (screenNow: number): void => {
    const heardAt = Math.max(lastHeardAt.value ?? 0, reopenedAt)
    if (!link.connected || screenNow - heardAt < DEAD_MS) return
    reopenedAt = screenNow
    connection?.reopen()
  }

  const publish = (): void => {
    if (publishing) clearTimeout(publishing)
    publishing = null
    const before = state.value
    state.value = newest
    const fresh = arrivals(before.alerts, newest.alerts, now.value)
    if (fresh.length > 0) for (const listen of arrivalListeners) listen(fresh)
  }

  const listener: FeedListener = {
    onState(next, changes) {
      newest = next
      publishing ??= setTimeout(publish, PUBLISH_MS)
      for (const listen of changeListeners) listen(changes)
    },
    onTick(next) {
      tick.value = next
      hubTick = { hub: next.now, screen: screenClock.now() }
      look()
    },
    onTelemetry(readings) {
      telemetry.value = new Map([...telemetry.value, ...readings.map((one) => [one.device, one] as const)])
    },
    onHeard() {
      lastHeardAt.value = screenClock.now()
    },
    onLink(next) {
      link = next
      look()
    },
    onCaughtUp(caughtUp) {
      publish()
      if (wasStale) for (const listen of caughtUpListeners) listen(caughtUp)
      wasStale = false
    },
    onCut: () => {},
  }

  function start(options: FeedStart): void {
    stop()
    connection = createFeedConnection(
      { connect: openFeedSocket, wholeLog: options.wholeLog },
      { ...listener, onCut: options.onCut },
    )
    cancel = screenClock.every(LOOK_MS, look)
    // Timers of hidden pages are slow; what is looked at must be right at once.
    document.addEventListener('visibilitychange', look)
    connection.start()
  }

  /** Ends the connection and forgets what it brought; another person may sign in next. */
  function stop(): void {
    connection?.stop()
    connection = null
    cancel()
    document.removeEventListener('visibilitychange', look)
    if (publishing) clearTimeout(publishing)
    publishing = null
    newest = emptyFeedState
    state.value = emptyFeedState
    tick.value = null
    hubTick = null
    lastHeardAt.value = null
    link = { connected: false, synced: false }
    fresh.value = { state: 'connecting' }
    wasStale = false
  }

  /** Connects again after the server had cut the connection and the session proved to be good. */
  const reconnect = (): void => connection?.start()

  function watch(devices: readonly string[]): void {
    telemetry.value = new Map()
    connection?.watch(devices)
  }

  const subscribe =
    <T>(listeners: Set<(value: T) => void>) =>
    (listen: (value: T) => void): Cancel => {
      listeners.add(listen)
      return () => listeners.delete(listen)
    }

  return {
    state,
    tick,
    fresh,
    live,
    now,
    slowNow,
    lastHeardAt,
    silence,
    telemetry,
    start,
    stop,
    reconnect,
    watch,
    onArrivals: subscribe(arrivalListeners),
    onChanges: subscribe(changeListeners),
    onCaughtUp: subscribe(caughtUpListeners),
  }
})
