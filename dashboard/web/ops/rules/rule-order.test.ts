import { expect, test } from 'vitest'
import { byReference } from './rule-order.ts'

test('by letter, then by number, then by id', () => {
  const rules = [
    { id: 'e10', ref: 'E10' },
    { id: 'z', ref: 'E2' },
    { id: 'a', ref: 'E2' },
    { id: 'b1', ref: 'B1' },
    { id: 'own', ref: 'E' },
  ]
  expect(rules.sort(byReference).map(({ id }) => id)).toEqual(['b1', 'own', 'a', 'z', 'e10'])
})
