import { describe, expect, test } from 'vitest'
import { manualClock, replayClock } from './clock.ts'

const DAY = 86_400_000

describe('the manual clock', () => {
  test('calls back in due order with the time it was due', () => {
    const clock = manualClock(0)
    const seen: string[] = []
    clock.every(3, () => seen.push(`a${clock.now()}`))
    const cancel = clock.every(2, () => seen.push(`b${clock.now()}`))
    clock.advance(6)
    cancel()
    clock.advance(3)
    expect(seen).toEqual(['b2', 'a3', 'b4', 'a6', 'b6', 'a9'])
    expect(clock.now()).toBe(9)
  })
})

describe('the replay clock', () => {
  test('follows the newest time and never goes back', () => {
    const clock = replayClock()
    for (const ts of [100, 300, 200]) clock.observe(ts)
    expect(clock.now()).toBe(300)
  })

  test('one device with a broken clock does not carry it away', () => {
    const clock = replayClock(60 * DAY)
    for (const ts of [DAY, 40_000 * DAY, DAY + 1, 40_000 * DAY, DAY + 2, 40_000 * DAY]) clock.observe(ts)
    expect(clock.now()).toBe(DAY + 2)
  })

  test('a gap of years in the log does', () => {
    const clock = replayClock(60 * DAY)
    for (const ts of [DAY, 2000 * DAY, 2000 * DAY + 5]) clock.observe(ts)
    expect(clock.now()).toBe(DAY)
    clock.observe(2000 * DAY + 9)
    expect(clock.now()).toBe(2000 * DAY + 9)
  })
})
