import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTimers } from './timer-heap.ts'

test('timers come out by due time, then by key, in any order of insertion', () => {
  const timer = fc.record({ due: fc.nat(20), key: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(fc.array(timer, { size: 'large' }), (list) => {
      const timers = createTimers<{ due: number; key: string }>((a, b) => a.key < b.key)
      for (const one of list) timers.push(one)
      const out: string[] = []
      for (let next = timers.pop(); next; next = timers.pop())
        out.push(`${String(next.due).padStart(2, '0')}${next.key}`)
      expect(out).toEqual([...out].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
      expect(out).toHaveLength(list.length)
    }),
  )
})
