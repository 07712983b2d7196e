import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAgenda } from './agenda.ts'

test('gives what is due in order of time, and of asking within one time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const agenda = createAgenda<number>()
      for (const [index, at] of times.entries()) agenda.add(at, index)
      const taken: { at: number; what: number }[] = []
      for (let next = agenda.take(); next; next = agenda.take()) taken.push({ at: next.at, what: next.what })
      const expected = times.map((at, what) => ({ at, what })).sort((a, b) => a.at - b.at || a.what - b.what)
      expect(taken).toEqual(expected)
      expect(agenda.nextAt()).toBeUndefined()
    }),
  )
})
