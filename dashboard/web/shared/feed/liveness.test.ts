import { beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../../../model/clock.ts'
import type { FeedTick } from '../../../../model/live-feed.ts'
import { createLiveness } from './liveness.ts'

const tick = (now: number): FeedTick => ({
  now,
  head: 0,
  rulesBehind: 0,
  historyBehind: 0,
  devicesOnline: 0,
  devicesTotal: 0,
})
const open = { connected: true, synced: true }

let clock: ManualClock
let reopened: number
let liveness: ReturnType<typeof createLiveness>
beforeEach(() => {
  clock = manualClock(1_000_000)
  reopened = 0
  liveness = createLiveness(clock, () => void reopened++)
})

/** A message and a tick with the hub's time. */
function receiveTick(hubNow: number): void {
  liveness.onMessage()
  liveness.onTick(tick(hubNow))
}
function pass(ms: number): void {
  clock.advance(ms)
  liveness.update()
}

describe('liveness', () => {
  test('connecting until the first message, then live', () => {
    liveness.onStatus(open)
    expect(liveness.fresh.value.state).toBe('connecting')
    receiveTick(500)
    expect(liveness.fresh.value.state).toBe('live')
  })

  test('the time follows the hub while live and stops while stale', () => {
    liveness.onStatus(open)
    receiveTick(500)
    pass(2_000)
    expect(liveness.now.value).toBe(2_500)
    pass(3_000)
    expect(liveness.fresh.value).toEqual({ state: 'stale', since: 1_000_000 })
    expect(liveness.now.value).toBe(2_500)
    expect(liveness.secondsSinceMessage.value).toBe(5)
  })

  test('reports an outage once, after the data has been stale', () => {
    liveness.onStatus(open)
    receiveTick(500)
    expect(liveness.endOutage()).toBe(false)
    pass(6_000)
    receiveTick(6_500)
    expect(liveness.endOutage()).toBe(true)
    expect(liveness.endOutage()).toBe(false)
  })

  test('does not reopen a connection that has just opened, before its first message', () => {
    liveness.onStatus({ connected: true, synced: false })
    pass(5_000)
    expect(reopened).toBe(0)
  })

  test('reopens a connection that is open but silent, every 15 s', () => {
    liveness.onStatus(open)
    liveness.onMessage()
    pass(14_999)
    expect(reopened).toBe(0)
    pass(1)
    expect(reopened).toBe(1)
    pass(14_999)
    expect(reopened).toBe(1)
    pass(1)
    expect(reopened).toBe(2)
  })

  test('leaves a closed connection to the socket', () => {
    liveness.onMessage()
    liveness.onStatus({ connected: false, synced: false })
    pass(60_000)
    expect(reopened).toBe(0)
  })

  test('starts as connecting, without an outage, after a reset', () => {
    liveness.onStatus(open)
    receiveTick(500)
    pass(6_000)
    liveness.reset()
    liveness.update()
    expect(liveness.fresh.value.state).toBe('connecting')
    expect(liveness.endOutage()).toBe(false)
  })
})
