import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdList } from './stable-order.ts'

const idList = fc.uniqueArray(fc.stringMatching(/^[a-h]$/))

describe('holdList', () => {
  test('a free list is as wanted', () => {
    expect(holdList(['b', 'a'], null)).toEqual({ shown: ['b', 'a'], waiting: [], changed: false })
  })

  test('a held list does not move, whatever is wanted; what is new waits', () => {
    fc.assert(
      fc.property(idList, idList, (wanted, held) => {
        fc.pre(held.length > 0)
        const { shown, waiting, changed } = holdList(wanted, held)
        expect(shown).toEqual(held)
        expect(waiting).toEqual(wanted.filter((id) => !held.includes(id)))
        expect(changed).toBe(wanted.join() !== held.join())
      }),
    )
  })

  test('an empty list has nothing to mis-hit', () => {
    expect(holdList(['a'], [])).toEqual({ shown: ['a'], waiting: [], changed: false })
  })
})
