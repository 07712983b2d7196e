import { describe, expect, test } from 'vitest'
import { CLOSED_MS, freshness, SILENCE_MS } from './freshness.ts'
import { hubTime } from './hub-time.ts'

const at = 1_000_000
const open = { connected: true, synced: true, lastHeardAt: at }

describe('freshness', () => {
  test('nothing heard yet is connecting, never stale and never live', () => {
    const heard = { connected: false, synced: false, lastHeardAt: null }
    expect(freshness(heard, at + 1e9)).toEqual({ state: 'connecting' })
  })

  test('one late tick is no loss, two missed ones are', () => {
    expect(freshness(open, at + 4_000).state).toBe('live')
    expect(freshness(open, at + SILENCE_MS + 1)).toEqual({ state: 'stale', since: at })
  })

  test('a look every half second says so within 5 s', () => {
    expect(SILENCE_MS + 500).toBeLessThanOrEqual(5_000)
  })

  test('a closed or unsynced connection is believed sooner', () => {
    for (const part of [{ connected: false }, { synced: false }]) {
      expect(freshness({ ...open, ...part }, at + CLOSED_MS).state).toBe('live')
      expect(freshness({ ...open, ...part }, at + CLOSED_MS + 1).state).toBe('stale')
    }
  })
})

describe('hubTime', () => {
  test('goes on from the last tick at the speed of the screen, whatever the screen thinks the date is', () => {
    expect(hubTime({ hub: 500, screen: 9_000 }, 9_750)).toBe(1_250)
  })
  test('does not run backwards when the screen is set back', () => {
    expect(hubTime({ hub: 500, screen: 9_000 }, 3_000)).toBe(500)
  })
  test('without a tick it is the time of the screen', () => {
    expect(hubTime(null, 42)).toBe(42)
  })
})
