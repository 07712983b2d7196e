import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FollowOptions, followLog } from './follow-log.ts'

/** A log of 1, 2, 3 … that a test appends to, and what a follower has applied of it. */
function setUp(length: number, options: Partial<FollowOptions<readonly number[]>> = {}) {
  const log = Array.from({ length }, (_, index) => index + 1)
  const applied: number[] = []
  const errors: unknown[] = []
  const follower = followLog<readonly number[]>({
    from: 0,
    read: (after) => {
      const batch = log.slice(after, after + 10)
      return batch.length > 0 ? batch : undefined
    },
    endOf: (batch) => batch.at(-1) as number,
    apply: (batch) => {
      applied.push(...batch)
    },
    onError: (error) => {
      errors.push(error)
      return 0
    },
    ...options,
  })
  const append = (count = 1): void => {
    for (let n = 0; n < count; n++) log.push(log.length + 1)
  }
  return { follower, applied, errors, log, append }
}

describe('followLog', () => {
  test('applies every entry after its start once, in order', async () => {
    const { follower, applied, append } = setUp(95, { from: 5 })
    await Promise.all([follower.caughtUp(), follower.caughtUp()])
    append()
    await follower.caughtUp()
    expect(applied).toEqual(Array.from({ length: 91 }, (_, index) => index + 6))
    expect(follower.cursor()).toBe(96)
    await follower.stop()
  })

  test('an entry appended while a read ends is not left behind', async () => {
    const { follower, append, log } = setUp(1)
    for (let n = 0; n < 20; n++) {
      const reading = follower.caughtUp()
      for (let step = 0; step < n; step++) await Promise.resolve()
      append()
      await follower.caughtUp()
      await reading
      expect(follower.cursor()).toBe(log.length)
    }
    await follower.stop()
  })

  test('yields the thread between two batches', async () => {
    const { follower } = setUp(1000)
    const reading = follower.caughtUp()
    await new Promise(setImmediate)
    expect(follower.cursor()).toBeLessThan(1000)
    await reading
    expect(follower.cursor()).toBe(1000)
    await follower.stop()
  })

  test('stops after the batch under way', async () => {
    const { follower, applied } = setUp(1000)
    void follower.caughtUp()
    await follower.stop()
    expect(applied.length).toBeLessThan(1000)
    await follower.caughtUp()
    expect(applied).toHaveLength(follower.cursor())
  })

  test('stops at the end of the log when it has to drain it', async () => {
    const { follower, applied, append } = setUp(100)
    append(5)
    await follower.stop(105)
    expect(applied).toHaveLength(105)
  })

  test('retries the same batch after a failure, with the next notification when no delay is given', async () => {
    let failures = 2
    const { follower, applied, log } = setUp(30, {
      apply: (batch) => {
        if (failures-- > 0) throw new Error('disk')
        applied.push(...batch)
      },
      onError: () => undefined,
    })
    await follower.caughtUp()
    expect(applied).toEqual([])
    await follower.caughtUp()
    await follower.caughtUp()
    expect(applied).toEqual(log)
    await follower.stop()
  })

  test('does not drain after a failure', async () => {
    const { follower } = setUp(30, {
      apply: () => Promise.reject(new Error('down')),
      onError: () => 60_000,
    })
    await follower.caughtUp()
    await follower.stop(30)
    expect(follower.cursor()).toBe(0)
  })

  test('moves the cursor in the same step as a synchronous apply', async () => {
    const positions: number[] = []
    const { follower } = setUp(5, {
      apply: () => queueMicrotask(() => positions.push(follower.cursor())),
    })
    await follower.caughtUp()
    expect(positions).toEqual([5])
    await follower.stop()
  })

  test('works between reads also when nothing is new', async () => {
    let times = 0
    const { follower } = setUp(0, { between: () => void times++ })
    await follower.caughtUp()
    await follower.caughtUp()
    expect(times).toBeGreaterThanOrEqual(2)
    await follower.stop()
  })

  test('whatever is appended and whatever fails, every entry is applied once, in order', async () => {
    const step = fc.constantFrom('append', 'append', 'fail', 'notify', 'settle')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let failures = 0
        const { follower, applied, append, log } = setUp(3, {
          apply: (batch) => {
            if (failures > 0) throw new Error(`failure ${failures--}`)
            applied.push(...batch)
          },
        })
        for (const what of steps) {
          if (what === 'append') append(7)
          else if (what === 'fail') failures++
          else if (what === 'notify') follower.notify()
          else await new Promise(setImmediate)
        }
        failures = 0
        while (follower.cursor() < log.length) {
          await follower.caughtUp()
          await new Promise(setImmediate)
        }
        expect(applied).toEqual(log)
        await follower.stop()
      }),
      { numRuns: 60 },
    )
  })
})
