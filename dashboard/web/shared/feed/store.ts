/** The live feed for the screens: open alerts, cases and work orders, freshness, and the hub's time. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type { Change } from '../../../../model/change.ts'
import type { Cancel } from '../../../../model/clock.ts'
import { emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type { FeedTick, LatestReading } from '../../../../model/live-feed.ts'
import { screenClock } from '../clock.ts'
import { createFeedConnection, type FeedConnection, type FeedListener } from './connection.ts'
import { type Freshness, freshness } from './freshness.ts'
import { type HubTick, hubTime } from './hub-time.ts'
import { findNewAlerts } from './new-alerts.ts'
import { openFeedSocket } from './socket.ts'

export interface CaughtUp {
  readonly count: number
  readonly snapshot: boolean
}
export interface FeedStartOptions {
  readonly wholeLog: boolean
  /** The connection was refused or ended: the session may have ended. */
  readonly onRejected: () => void
}

/** Shortest time between two updates of the screen. */
const PUBLISH_MS = 100
const UPDATE_MS = 500
const SLOW_MS = 10_000
/** An open connection without a message for this long is dead, e.g. after sleep or a lost route. */
const DEAD_CONNECTION_MS = 15_000

export const useFeed = defineStore('feed', () => {
  const state = shallowRef<FeedState>(emptyFeedState)
  const tick = shallowRef<FeedTick | null>(null)
  const fresh = shallowRef<Freshness>({ state: 'connecting' })
  /** Hub clock, ms; advances every half second while live, stops while stale. */
  const now = ref(screenClock.now())
  /** `now` rounded down to ten seconds, for expensive computations. */
  const slowNow = computed(() => Math.floor(now.value / SLOW_MS) * SLOW_MS)
  const lastMessageAt = ref<number | null>(null)
  /** Seconds since the last message of the server. */
  const secondsSinceMessage = ref(0)
  const telemetry = shallowRef<ReadonlyMap<string, LatestReading>>(new Map())

  const newAlertListeners = new Set<(alerts: readonly Alert[]) => void>()
  const changeListeners = new Set<(changes: readonly Change[]) => void>()
  const caughtUpListeners = new Set<(caughtUp: CaughtUp) => void>()

  let connection: FeedConnection | null = null
  let cancel: Cancel = () => {}
  let newest: FeedState = emptyFeedState
  let publishing: ReturnType<typeof setTimeout> | null = null
  let status = { connected: false, synced: false }
  let hubTick: HubTick | null = null
  let wasStale = false
  let reopenedAt = 0

  const live = computed(() => fresh.value.state === 'live')

  const update = (): void => {
    const screenNow = screenClock.now()
    reopenWhenDead(screenNow)
    const next = freshness({ ...status, lastMessageAt: lastMessageAt.value }, screenNow)
    if (next.state !== fresh.value.state) fresh.value = next
    if (next.state === 'stale') wasStale = true
    else now.value = hubTime(hubTick, screenNow)
    secondsSinceMessage.value =
      lastMessageAt.value === null ? 0 : Math.floor((screenNow - lastMessageAt.value) / 1000)
  }

  const reopenWhenDead = (screenNow: number): void => {
    const aliveAt = Math.max(lastMessageAt.value ?? 0, reopenedAt)
    if (!status.connected || screenNow - aliveAt < DEAD_CONNECTION_MS) return
    reopenedAt = screenNow
    connection?.reopen()
  }

  const publish = (): void => {
    if (publishing) clearTimeout(publishing)
    publishing = null
    const before = state.value
    state.value = newest
    const added = findNewAlerts(before.alerts, newest.alerts, now.value)
    if (added.length > 0) for (const listen of newAlertListeners) listen(added)
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
      update()
    },
    onTelemetry(readings) {
      telemetry.value = new Map([...telemetry.value, ...readings.map((one) => [one.device, one] as const)])
    },
    onMessage() {
      lastMessageAt.value = screenClock.now()
    },
    onStatus(next) {
      status = next
      update()
    },
    onCaughtUp(caughtUp) {
      publish()
      if (wasStale) for (const listen of caughtUpListeners) listen(caughtUp)
      wasStale = false
    },
    onRejected: () => {},
  }

  function start(options: FeedStartOptions): void {
    stop()
    connection = createFeedConnection(
      { connect: openFeedSocket, wholeLog: options.wholeLog },
      { ...listener, onRejected: options.onRejected },
    )
    cancel = screenClock.every(UPDATE_MS, update)
    // Timers of hidden pages are throttled: update at once when the page is shown.
    document.addEventListener('visibilitychange', update)
    connection.start()
  }

  /** Ends the connection and clears the state, because another user may sign in next. */
  function stop(): void {
    connection?.stop()
    connection = null
    cancel()
    document.removeEventListener('visibilitychange', update)
    if (publishing) clearTimeout(publishing)
    publishing = null
    newest = emptyFeedState
    state.value = emptyFeedState
    tick.value = null
    hubTick = null
    lastMessageAt.value = null
    status = { connected: false, synced: false }
    fresh.value = { state: 'connecting' }
    wasStale = false
  }

  /** Connects again after a rejection, once the session is known to be valid. */
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
    lastMessageAt,
    secondsSinceMessage,
    telemetry,
    start,
    stop,
    reconnect,
    watch,
    onNewAlerts: subscribe(newAlertListeners),
    onChanges: subscribe(changeListeners),
    onCaughtUp: subscribe(caughtUpListeners),
  }
})
