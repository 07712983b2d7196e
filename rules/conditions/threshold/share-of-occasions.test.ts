/** Share of occasions: what raises, what does not, and that order and restarts change nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../compile/compile-rules.ts'
import { ruleText } from '../../testing/community.ts'
import { spans, type Tested, type TestReading } from '../../testing/episodes.ts'

/** A lift that stops badly: of the stops, how many are more than 10 mm off. */
const stops = {
  sample: "carDriveStatus == 'stationary'",
  when: 'abs(levellingError) > 10.0',
  times: 3,
  of: 5,
}

const lift = (often: Readonly<Record<string, unknown>>, more: object = {}): Tested => ({
  type: 'elevator',
  rule: { condition: { often }, ...more },
})

/** One letter an hour: a trip, then a stop. `x` bad, `o` good, `?` error missing, `n` NaN, `-` no stop, `s` standing. */
function ride(text: string): TestReading[] {
  return [...text].flatMap((letter, hour): TestReading[] => {
    const stands = { carDriveStatus: 'stationary' }
    const errors: Record<string, object> = { x: { levellingError: 15 }, o: { levellingError: -3 } }
    const goes: TestReading = { hour, values: { carDriveStatus: 'rated-speed' } }
    const stop = { ...stands, ...(letter === 'n' ? { levellingError: Number.NaN } : errors[letter]) }
    if (letter === '-') return [goes]
    const halts: TestReading = { hour: hour + 0.1, values: stop }
    return letter === 's' ? [halts] : [goes, halts]
  })
}

type Row = readonly [name: string, options: object, ride: string, expected: readonly string[]]

const rows: readonly Row[] = [
  ['three of the last five', {}, 'oxoxx', ['1.1 4.1 -']],
  ['three of three are enough', {}, 'xxx', ['0.1 2.1 -']],
  ['two of five, however long', {}, 'xooxo', []],
  ['three, but never within five', {}, 'xoooxoooxoooxooo', []],
  ['over when fewer are', {}, 'xxxoooo', ['0.1 2.1 5.1']],
  ['`keep`: over only when even fewer are', { keep: 1 }, 'xxxoooo', ['0.1 2.1 -']],
  ['`keep`: over with none left', { keep: 1 }, 'xxxooooo', ['0.1 2.1 7.1']],
  ['begins anew after that', {}, 'xxxooooxxx', ['0.1 2.1 5.1', '7.1 9.1 -']],
  ['standing is one stop', {}, 'xsssssss', []],
  ['a stop without an error value does not count', { maxAge: '1m' }, 'x?x?o?o?', []],
  ['and is not one of the five', { maxAge: '1m' }, 'x????????????xx', ['0.1 14.1 -']],
  ['NaN counts as missing', { maxAge: '1m' }, 'xnnx', []],
  ['no stops at all', {}, '------', []],
  ['`within`: too long ago', { within: '3h' }, 'xx----x', []],
  ['`within`: not yet', { within: '12h' }, 'xx----x', ['0.1 6.1 -']],
]

describe('share of occasions', () => {
  test.each(rows)('%s', (_, options, letters, expected) => {
    expect(spans(lift({ ...stops, ...options }), ride(letters))).toEqual(expected)
  })

  test.each(rows)('with restarts and duplicates: %s', (_, options, letters, expected) => {
    const delivery = { restarts: [1, 3, 4, 7, 10], isDuplicated: (index: number) => index % 2 === 0 }
    expect(spans(lift({ ...stops, ...options }), ride(letters), delivery)).toEqual(expected)
  })

  test('an error value shortly after the stop is used for it', () => {
    const readings = ride('???').flatMap((one): TestReading[] =>
      one.values.carDriveStatus === 'stationary'
        ? [one, { hour: one.hour + 0.01, values: { levellingError: 20 } }]
        : [one],
    )
    expect(spans(lift({ ...stops, maxAge: '1m' }), readings)).toEqual(['0.11 2.11 -'])
  })

  test('muted stops do not count', () => {
    const muted = ride('xxxxx').map((one) => ({ ...one, values: { ...one.values, carMode: 'inspection' } }))
    const normal = ride('xx').map(({ hour, values }) => ({
      hour: hour + 10,
      values: { ...values, carMode: 'normal' },
    }))
    const tested = lift(stops, { mute: "carMode == 'inspection'" })
    expect(spans(tested, [...muted, ...normal])).toEqual([])
    expect(spans(lift(stops), [...muted, ...normal])).toEqual(['0.1 2.1 -'])
  })

  test('each event is an occasion', () => {
    const events = {
      sample: "event in ['out-of-service', 'back-in-service']",
      when: "event == 'out-of-service'",
    }
    const out = (hour: number, type: string): TestReading => ({ hour, kind: 'event', values: { type } })
    const letters = [1, 2, 3].map((hour) => out(hour, 'out-of-service'))
    const tested = lift({ ...events, times: 3, of: 4 })
    expect(spans(tested, letters)).toEqual(['1 3 -'])
    expect(spans(tested, [...letters.slice(0, 2), out(4, 'back-in-service')])).toEqual([])
  })

  test('any arrival order within 5 min gives the same episodes', () => {
    const reading = fc.record({
      stands: fc.boolean(),
      error: fc.constantFrom(15, 0, undefined),
      pause: fc.integer({ min: 1, max: 90 }),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(reading, { minLength: 5, maxLength: 60 }), (steps) => {
        let second = 0
        const readings = steps.map(({ stands, error, pause }): TestReading => {
          second += pause
          const values = { carDriveStatus: stands ? 'stationary' : 'rated-speed' }
          return {
            hour: second / 3600,
            values: error === undefined ? values : { ...values, levellingError: error },
          }
        })
        const delivery = {
          delay: (index: number) => steps[index]?.delay ?? 0,
          isDuplicated: (index: number) => steps[index]?.twice ?? false,
        }
        expect(spans(lift(stops), readings, delivery)).toEqual(spans(lift(stops), readings))
      }),
      { numRuns: 150 },
    )
  })

  test.each([
    ['more than there are', { times: 4, of: 3 }, 'cannot be more than `of`'],
    ['keep above times', { keep: 4 }, 'cannot be more than `times`'],
    ['an unknown field', { when: 'levelingError > 10.0' }, 'levelingError'],
  ])('refused: %s', (_, options, expected) => {
    const result = compileRules([
      ruleText({ applies: { types: ['elevator'] }, condition: { often: { ...stops, ...options } } }),
    ])
    expect(JSON.stringify(result)).toContain(expected)
  })
})
