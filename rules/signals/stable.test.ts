/** `stable`: a jump needs a second reading; a value that goes up and down again does not count. */
import { describe, expect, test } from 'vitest'
import { spans, type TestReading } from '../testing/episodes.ts'

const tested = {
  type: 'bin',
  rule: {
    signals: { confirmed: { stable: { field: 'fillingLevel', by: 0.5, within: '2h' } } },
    condition: { predicate: { when: 'confirmed && fillingLevel >= 0.8' } },
  },
}
/** A level every quarter of an hour. */
const levels = (...values: readonly number[]): TestReading[] =>
  values.map((fillingLevel, index) => ({ hour: index / 4, values: { fillingLevel } }))

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  ['grown step by step', levels(0.5, 0.7, 0.82), ['0.5 0.5 -']],
  ['a jump that stays, with the second reading', levels(0.3, 0.85, 0.86), ['0.5 0.5 -']],
  ['the first reading of all', levels(0.9), ['0 0 -']],
  ['grown over a pause', [...levels(0.3), { hour: 3, values: { fillingLevel: 0.9 } }], ['3 3 -']],
  ['as usual after an echo', levels(0.3, 0.9, 0.3, 0.5, 0.7, 0.85), ['1.25 1.25 -']],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['up and gone', levels(0.3, 0.9, 0.3, 0.31)],
  ['up and gone, again and again', levels(0.3, 0.9, 0.3, 0.9, 0.3, 0.9, 0.3)],
  ['up to the brim and half way back', levels(0.1, 1, 0.5)],
]

describe('fires', () => {
  test.each(fires)('%s', (_, readings, expected) => {
    expect(spans(tested, readings)).toEqual(expected)
  })
})
describe('stays quiet', () => {
  test.each(quiet)('%s', (_, readings) => {
    expect(spans(tested, readings)).toEqual([])
  })
})

test('late and duplicated messages give the same episodes', () => {
  const readings = levels(0.3, 0.9, 0.3, 0.32, 0.95, 0.96, 0.2)
  const close = readings.map(({ hour, values }) => ({ hour: hour / 5, values }))
  const delivery = {
    delay: (index: number) => (index % 3) * 140,
    isDuplicated: (index: number) => index % 2 === 0,
  }
  expect(spans(tested, close, delivery)).toEqual(spans(tested, close))
  expect(spans(tested, close)).toHaveLength(1)
})
