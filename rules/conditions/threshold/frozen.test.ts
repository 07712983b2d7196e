/** Frozen values: what raises, what does not, and that order and restarts change nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../../model/device-type.ts'
import { spans, type Tested, type TestReading } from '../../testing/episodes.ts'

const bin = (stuck: Readonly<Record<string, unknown>>, more: object = {}): Tested => ({
  type: 'bin',
  rule: { condition: { stuck: { field: 'fillingLevel', for: '2d', ...stuck } }, ...more },
})

/** Values every `every` hours from hour `from`; undefined = the field is missing. */
function level(values: readonly (number | undefined)[], every = 6, from = 0): TestReading[] {
  return values.map((value, index) => ({
    hour: from + index * every,
    values: (value === undefined ? { temperature: 12 } : { fillingLevel: value }) as FieldValues,
  }))
}
const same = (times: number, value = 0.4): number[] => Array.from({ length: times }, () => value)

type Row = readonly [
  name: string,
  options: Readonly<Record<string, unknown>>,
  readings: readonly TestReading[],
  expected: readonly string[],
]

const rows: readonly Row[] = [
  ['for two days', {}, level(same(9)), ['0 48 -']],
  ['not quite', {}, level(same(8)), []],
  ['it changes in between', {}, level([...same(5), 0.41, ...same(5)]), []],
  ['over when it changes', {}, level([...same(9), 0.5, 0.6]), ['0 48 54']],
  ['frozen again at another value', {}, level([...same(9), ...same(9, 0.6)]), ['0 48 54', '54 102 -']],
  ['for ever: one episode', {}, level(same(400)), ['0 48 -']],
  ['reported once, then silence', {}, level(same(2), 200), []],
  ['two days of silence do not count', {}, [...level(same(3)), ...level(same(3), 6, 60)], []],
  [
    'a silence in between counts for nothing, but breaks nothing off',
    {},
    [...level(same(5)), ...level(same(6), 6, 72)],
    ['0 96 -'],
  ],
  ['silence shorter than `maxAge` counts', { maxAge: '60h' }, level(same(2), 50), ['0 50 -']],
  ['the field is missing', {}, level(Array.from({ length: 12 }, () => undefined)), []],
  [
    'missing in between',
    {},
    level([0.4, undefined, 0.4, undefined, 0.4, undefined, 0.4, undefined, 0.4]),
    ['0 48 -'],
  ],
  ['NaN counts as missing', {}, level(same(12, Number.NaN)), []],
  [
    'within the tolerance',
    { tolerance: 0.02 },
    level([0.4, 0.41, 0.39, 0.4, 0.42, 0.38, 0.4, 0.4, 0.41]),
    ['0 48 -'],
  ],
  [
    'creeping out of the tolerance',
    { tolerance: 0.02 },
    level([0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 0.47, 0.48]),
    [],
  ],
  ['`unless`: an empty bin may stay empty', { unless: 'fillingLevel == 0.0' }, level(same(20, 0)), []],
  ['`unless` of another value', { unless: 'fillingLevel == 0.0' }, level(same(9)), ['0 48 -']],
  [
    '`unless` ends it',
    { unless: "status == 'moved'" },
    [
      ...level(same(10)).map((one) => ({ ...one, values: { ...one.values, status: 'ok' } })),
      { hour: 70, values: { fillingLevel: 0.4, status: 'moved' } },
    ],
    ['0 48 70'],
  ],
  ['an unknown `unless`: not evaluated', { unless: "status == 'moved'" }, level(same(20)), []],
]

describe('frozen', () => {
  test.each(rows)('%s', (_, options, readings, expected) => {
    expect(spans(bin(options), readings)).toEqual(expected)
  })
  test.each(rows)('with restarts and duplicates: %s', (_, options, readings, expected) => {
    const delivery = { restarts: [0, 2, 3, 8, 9, 14], isDuplicated: (index: number) => index % 2 === 1 }
    expect(spans(bin(options), readings, delivery)).toEqual(expected)
  })

  test('many steps a day add up to the same time', () => {
    const readings = level(same(600), 0.1)
    expect(spans(bin({}), readings)).toEqual(['0 48 -'])
  })

  test('does not begin while muted; the time counts from the last muted reading', () => {
    const tested = bin({}, { mute: "status == 'moved'" })
    const moved = level(same(10)).map((one) => ({ ...one, values: { ...one.values, status: 'moved' } }))
    const normal = level(same(10), 6, 60).map((one) => ({ ...one, values: { ...one.values, status: 'ok' } }))
    expect(spans(tested, [...moved, ...normal])).toEqual(['54 102 -'])
  })

  test('a changing value is known not to be frozen; a value that was never reported is unknown', () => {
    const all = {
      of: [
        { predicate: { when: 'temperature > 60.0' } },
        { not: { stuck: { field: 'fillingLevel', for: '2d' } } },
      ],
    }
    const tested: Tested = { type: 'bin', rule: { condition: { all } } }
    const hot = (values: FieldValues): TestReading[] =>
      [1, 2].map((hour) => ({ hour, values: { ...values, temperature: 61 + hour } }))
    const moving = level([0.3, 0.4], 0.5)
    expect(spans(tested, [...moving, ...hot({})])).toEqual(['1 1 -'])
    expect(spans(tested, hot({}))).toEqual([])
  })

  test('any arrival order within 5 min gives the same episodes', () => {
    const reading = fc.record({
      value: fc.constantFrom(0.4, 0.4, 0.4, 0.4, 0.4, 0.5, undefined),
      pause: fc.constantFrom(5, 20, 60, 200),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const tested = bin({ for: '3m', maxAge: '2m' })
    const seen = { some: false, none: false }
    fc.assert(
      fc.property(fc.array(reading, { minLength: 5, maxLength: 60 }), (steps) => {
        let second = 0
        const readings = steps.map(({ value, pause }): TestReading => {
          second += pause
          return {
            hour: second / 3600,
            values: value === undefined ? { temperature: 9 } : { fillingLevel: value },
          }
        })
        const delivery = {
          delay: (index: number) => steps[index]?.delay ?? 0,
          isDuplicated: (index: number) => steps[index]?.twice ?? false,
        }
        const expected = spans(tested, readings)
        if (expected.length > 0) seen.some = true
        else seen.none = true
        expect(spans(tested, readings, delivery)).toEqual(expected)
      }),
      { numRuns: 150, seed: 4 },
    )
    expect(seen).toEqual({ some: true, none: true })
  })
})
