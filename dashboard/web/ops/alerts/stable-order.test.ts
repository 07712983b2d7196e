import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freezeList } from './stable-order.ts'

const idList = fc.uniqueArray(fc.stringMatching(/^[a-h]$/))

describe('holdList', () => {
  test('follows the current order when not frozen', () => {
    expect(freezeList(['b', 'a'], null)).toEqual({ shown: ['b', 'a'], waiting: [], changed: false })
  })

  test('keeps the frozen order; new ids wait', () => {
    fc.assert(
      fc.property(idList, idList, (current, frozen) => {
        fc.pre(frozen.length > 0)
        const { shown, waiting, changed } = freezeList(current, frozen)
        expect(shown).toEqual(frozen)
        expect(waiting).toEqual(current.filter((id) => !frozen.includes(id)))
        expect(changed).toBe(current.join() !== frozen.join())
      }),
    )
  })

  test('does not freeze an empty list', () => {
    expect(freezeList(['a'], [])).toEqual({ shown: ['a'], waiting: [], changed: false })
  })
})
