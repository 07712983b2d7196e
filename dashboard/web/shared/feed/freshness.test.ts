import { describe, expect, test } from 'vitest'
import { hubTime } from '../clock.ts'
import { CLOSED_GRACE_MS, freshness, MAX_SILENCE_MS } from './freshness.ts'

const at = 1_000_000
const open = { connected: true, synced: true, lastMessageAt: at }

describe('freshness', () => {
  test('connecting until the first message', () => {
    const health = { connected: false, synced: false, lastMessageAt: null }
    expect(freshness(health, at + 1e9)).toEqual({ state: 'connecting' })
  })

  test('live with one late tick, stale after two missed ones', () => {
    expect(freshness(open, at + 4_000).state).toBe('live')
    expect(freshness(open, at + MAX_SILENCE_MS + 1)).toEqual({ state: 'stale', since: at })
  })

  test('stale within 5 s when evaluated every half second', () => {
    expect(MAX_SILENCE_MS + 500).toBeLessThanOrEqual(5_000)
  })

  test('stale sooner when disconnected or out of sync', () => {
    for (const change of [{ connected: false }, { synced: false }]) {
      expect(freshness({ ...open, ...change }, at + CLOSED_GRACE_MS).state).toBe('live')
      expect(freshness({ ...open, ...change }, at + CLOSED_GRACE_MS + 1).state).toBe('stale')
    }
  })
})

describe('hubTime', () => {
  test('continues from the last tick, independent of the date of the screen', () => {
    expect(hubTime({ hub: 500, screen: 9_000 }, 9_750)).toBe(1_250)
  })
  test('does not run backwards when the screen clock moves back', () => {
    expect(hubTime({ hub: 500, screen: 9_000 }, 3_000)).toBe(500)
  })
  test('is the screen time before the first tick', () => {
    expect(hubTime(null, 42)).toBe(42)
  })
})
