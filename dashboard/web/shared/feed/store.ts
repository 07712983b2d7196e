/** The live feed for the screens: open alerts, cases and work orders, freshness, and the hub's time. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type { Change } from '../../../../model/change.ts'
import type { Cancel } from '../../../../model/clock.ts'
import { emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type { FeedTick, LatestReading } from '../../../../model/live-feed.ts'
import { screenClock } from '../clock.ts'
import { createFeedConnection, type FeedConnection, type FeedListener } from './connection.ts'
import { createLiveness } from './liveness.ts'
import { findNewAlerts } from './new-alerts.ts'
import { openFeedSocket } from './socket.ts'
import { createStatePublisher } from './state-publisher.ts'
import type { CaughtUp } from './sync.ts'

export interface FeedStartOptions {
  /** True when this user receives every change of the log (false for crews). */
  readonly wholeLog: boolean
  /** The connection was refused or ended: the session may have ended. */
  readonly onRejected: () => void
}

const UPDATE_MS = 500
const SLOW_MS = 10_000

export const useFeed = defineStore('feed', () => {
  let connection: FeedConnection | null = null
  let cancelUpdates: Cancel = () => {}
  const data = createFeedData(() => connection?.reopen())
  const { state, tick, telemetry, liveness } = data

  /** Connects; ends a former connection and clears its state. */
  function start({ wholeLog, onRejected }: FeedStartOptions): void {
    stop()
    connection = createFeedConnection({ connect: openFeedSocket, wholeLog }, { ...data.listener, onRejected })
    cancelUpdates = updateRegularly(liveness.update)
    connection.start()
  }
  /** Ends the connection and clears the state, because another user may sign in next. */
  function stop(): void {
    connection?.stop()
    connection = null
    cancelUpdates()
    data.reset()
  }

  return {
    state,
    tick,
    telemetry,
    fresh: liveness.fresh,
    live: computed(() => liveness.fresh.value.state === 'live'),
    now: liveness.now,
    /** `now` rounded down to ten seconds, for expensive computations. */
    slowNow: computed(() => Math.floor(liveness.now.value / SLOW_MS) * SLOW_MS),
    secondsSinceMessage: liveness.secondsSinceMessage,
    start,
    stop,
    /** Connects again after a rejection, once the session is known to be valid. */
    reconnect: () => connection?.start(),
    /** Replaces the telemetry subscription. */
    watch(devices: readonly string[]) {
      telemetry.value = new Map()
      connection?.watch(devices)
    },
    onNewAlerts: data.newAlerts.subscribe,
    onChanges: data.changes.subscribe,
    onCaughtUp: data.caughtUp.subscribe,
  }
})

/** The reactive data of the feed, its events, and the listener that updates them. */
function createFeedData(reopen: () => void) {
  const state = shallowRef<FeedState>(emptyFeedState)
  const tick = shallowRef<FeedTick | null>(null)
  const telemetry = shallowRef<ReadonlyMap<string, LatestReading>>(new Map())
  const newAlerts = createEvent<readonly Alert[]>()
  const changes = createEvent<readonly Change[]>()
  const caughtUp = createEvent<CaughtUp>()
  const liveness = createLiveness(screenClock, reopen)
  const publisher = createStatePublisher((next) => {
    const added = findNewAlerts(state.value.alerts, next.alerts, liveness.now.value)
    state.value = next
    if (added.length > 0) newAlerts.emit(added)
  })

  const listener: Omit<FeedListener, 'onRejected'> = {
    onState(next, applied) {
      publisher.accept(next)
      changes.emit(applied)
    },
    onCaughtUp(result) {
      publisher.flush()
      if (liveness.endOutage()) caughtUp.emit(result)
    },
    onTick(next) {
      tick.value = next
      liveness.onTick(next)
    },
    onTelemetry(readings) {
      const newest = readings.map((reading) => [reading.device, reading] as const)
      telemetry.value = new Map([...telemetry.value, ...newest])
    },
    onMessage: liveness.onMessage,
    onStatus: liveness.onStatus,
  }
  const reset = (): void => {
    publisher.reset()
    liveness.reset()
    state.value = emptyFeedState
    tick.value = null
  }
  return { state, tick, telemetry, newAlerts, changes, caughtUp, liveness, listener, reset }
}

/** Calls `update` every half second, and at once when a hidden page is shown, because its timers are throttled. */
function updateRegularly(update: () => void): Cancel {
  const cancelTimer = screenClock.every(UPDATE_MS, update)
  document.addEventListener('visibilitychange', update)
  return () => {
    cancelTimer()
    document.removeEventListener('visibilitychange', update)
  }
}

function createEvent<T>() {
  const listeners = new Set<(value: T) => void>()
  return {
    emit(value: T): void {
      for (const listener of listeners) listener(value)
    },
    subscribe(listener: (value: T) => void): Cancel {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
