import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventQueue } from './event-queue.ts'

test('returns events by time, and in order of insertion within one time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = createEventQueue<number>()
      for (const [index, at] of times.entries()) queue.add(at, index)
      const popped: { at: number; event: number }[] = []
      for (let next = queue.pop(); next; next = queue.pop()) popped.push({ at: next.at, event: next.event })
      const expected = times
        .map((at, event) => ({ at, event }))
        .sort((a, b) => a.at - b.at || a.event - b.event)
      expect(popped).toEqual(expected)
      expect(queue.nextAt()).toBeUndefined()
    }),
  )
})
