/** A value on its way to a threshold: what fires, what stays quiet, and that order and restarts change nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../compile/compile-rules.ts'
import { ruleText } from '../../testing/community.ts'
import { episodes, spans, type Tested, type TestReading } from '../../testing/episodes.ts'

type Options = Readonly<Record<string, unknown>>

const filling = { field: 'fillingLevel', reaches: 0.8, within: '24h', reset: { drop: 0.3 } }
const bin = (options: Options = {}, more: Options = {}): Tested => ({
  type: 'bin',
  rule: { condition: { forecast: { ...filling, ...options } }, ...more },
})
const battery = (options: Options = {}): Tested => ({
  type: 'bin',
  rule: {
    condition: {
      forecast: {
        field: 'batteryLevel',
        reaches: 0.1,
        within: '10d',
        direction: 'falling',
        reset: { rise: 0.3 },
        ...options,
      },
    },
  },
})

const tell = (hour: number, value: number, field = 'fillingLevel'): TestReading => ({
  hour,
  values: { [field]: value },
})

interface Ramp {
  readonly from: number
  /** Per day. */
  readonly by: number
  readonly hours: number
  readonly start?: number
  readonly every?: number
  readonly field?: string
  /** Added in turn to the values. */
  readonly noise?: readonly number[]
}

function ramp({ from, by, hours, start = 0, every = 2, field, noise = [0] }: Ramp): TestReading[] {
  return Array.from({ length: Math.floor(hours / every) + 1 }, (_, index) => {
    const value = from + (by * index * every) / 24 + (noise[index % noise.length] as number)
    return tell(start + index * every, Math.round(Math.max(0, value) * 1000) / 1000, field)
  })
}

type Row = readonly [name: string, tested: Tested, told: readonly TestReading[], wanted: readonly string[]]

/** Level 0.1, half a bin a day: 0.8 is reached at hour 33.6, so it is foreseen from hour 9.6 on. */
const usual: Ramp = { from: 0.1, by: 0.5, hours: 30 }

const rows: readonly Row[] = [
  ['foreseen a day before', bin(), ramp(usual), ['10 10 -']],
  ['not before six hours are known', bin(), ramp({ ...usual, from: 0.5, hours: 5 }), []],
  ['with six hours', bin(), ramp({ ...usual, from: 0.5, hours: 6 }), ['6 6 -']],
  ['too slow', bin(), ramp({ from: 0.1, by: 0.05, hours: 240 }), []],
  ['slow, but at last near', bin(), ramp({ from: 0.1, by: 0.05, hours: 314 }), ['314 314 -']],
  ['not filled at all', bin(), ramp({ from: 0.7, by: 0, hours: 200 }), []],
  [
    'noise without a trend',
    bin(),
    ramp({ from: 0.7, by: 0, hours: 200, noise: [0, 0.03, -0.03, 0.02, -0.02] }),
    [],
  ],
  ['noise on a trend', bin(), ramp({ ...usual, noise: [0, 0.02, -0.02] }), ['10 10 -']],
  ['full already: not foreseen', bin(), ramp({ from: 0.85, by: 0.1, hours: 30 }), []],
  ['reached, it goes on', bin(), ramp({ ...usual, hours: 48 }), ['10 10 -']],
  [
    'over when emptied, and the count begins anew',
    bin(),
    [...ramp(usual), ...ramp({ ...usual, from: 0, start: 32 })],
    ['10 10 32', '48 48 -'],
  ],
  ['emptied when full', bin(), [...ramp({ ...usual, hours: 40 }), tell(42, 0.02)], ['10 10 42']],
  [
    'emptied by little is not emptied',
    bin(),
    [...ramp(usual), tell(32, 0.5), tell(34, 0.54), tell(36, 0.58)],
    ['10 10 -'],
  ],
  [
    'a bag on the sensor for one reading neither resets nor foresees',
    bin(),
    [
      ...ramp({ from: 0.1, by: 0.02, hours: 60 }),
      tell(61, 0.7),
      ...ramp({ from: 0.15, by: 0.02, hours: 40, start: 62 }),
    ],
    [],
  ],
  [
    'one empty echo: begun anew, nothing foreseen from the step back',
    bin(),
    [
      ...ramp({ from: 0.6, by: 0, hours: 60 }),
      tell(61, 0.1),
      ...ramp({ from: 0.6, by: 0, hours: 60, start: 62 }),
    ],
    [],
  ],
  [
    'it stops being filled: no more foreseen',
    bin(),
    [...ramp({ from: 0.1, by: 0.5, hours: 12 }), ...ramp({ from: 0.35, by: 0, hours: 90, start: 14 })],
    ['10 10 24'],
  ],
  [
    'a gap is no news',
    bin(),
    [...ramp({ ...usual, hours: 8 }), ...ramp({ ...usual, from: 0.5, hours: 4, start: 20 })],
    ['20 20 -'],
  ],
  ['two readings are not enough', bin(), [tell(0, 0.1), tell(12, 0.6)], []],
  ['three may be', bin(), [tell(0, 0.1), tell(6, 0.3), tell(12, 0.5)], ['12 12 -']],
  ['`least` readings', bin({ least: { readings: 4 } }), [tell(0, 0.1), tell(6, 0.3), tell(12, 0.5)], []],
  [
    'NaN and missing values tell nothing',
    bin(),
    ramp(usual).flatMap(
      (one, index) =>
        [
          one,
          { hour: one.hour + 1, values: index % 2 ? { fillingLevel: Number.NaN } : { temperature: 20 } },
        ] as TestReading[],
    ),
    ['10 10 -'],
  ],
  [
    '`over`: what was long ago does not count',
    bin({ over: '24h' }),
    [...ramp({ from: 0.1, by: 0, hours: 240 }), ...ramp({ from: 0.1, by: 0.8, hours: 20, start: 242 })],
    ['256 256 -'],
  ],
  [
    'falling',
    battery(),
    ramp({ from: 0.5, by: -0.01, hours: 33 * 24, every: 12, field: 'batteryLevel' }),
    ['720 720 -'],
  ],
  [
    'falling, then changed',
    battery(),
    [
      ...ramp({ from: 0.5, by: -0.01, hours: 33 * 24, every: 12, field: 'batteryLevel' }),
      tell(34 * 24, 1, 'batteryLevel'),
    ],
    ['720 720 816'],
  ],
  [
    'falling too slowly',
    battery(),
    ramp({ from: 0.5, by: -0.002, hours: 60 * 24, every: 24, field: 'batteryLevel' }),
    [],
  ],
]

describe('forecast', () => {
  test.each(rows)('%s', (_, tested, told, wanted) => {
    expect(spans(tested, told)).toEqual(wanted)
  })
  test.each(rows)('with restarts and doubled messages: %s', (_, tested, told, wanted) => {
    const delivery = { restarts: [0, 3, 5, 6, 11, 20, 33], twice: (index: number) => index % 2 === 0 }
    expect(spans(tested, told, delivery)).toEqual(wanted)
  })

  test('tells the hours left', () => {
    const [episode] = episodes(bin(), ramp(usual))
    expect(episode?.evidence).toMatchObject({ now: 0.308, hoursLeft: 23.6 })
  })

  test('muted it does not begin', () => {
    const told = ramp(usual).map((one) => ({ ...one, values: { ...one.values, status: 'moved' } }))
    expect(spans(bin({}, { mute: "status == 'moved'" }), told)).toEqual([])
  })

  test('whatever is told, no more than twenty readings are kept and state is told in JSON as it is', () => {
    const told = ramp({ from: 0, by: 0.001, hours: 400, every: 0.5 })
    const restarts = told.map((_, index) => index)
    expect(spans(bin(), told, { restarts })).toEqual(spans(bin(), told))
  })

  test('any order of arrival within 5 min gives the same', () => {
    const reading = fc.record({
      by: fc.constantFrom(0.01, 0.02, 0.05, 0, -0.4),
      pause: fc.integer({ min: 5, max: 100 }),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const tested = bin({ within: '6m', least: { readings: 3, for: '1m' } })
    const seen = { some: false, none: false }
    fc.assert(
      fc.property(fc.array(reading, { minLength: 5, maxLength: 60 }), (readings) => {
        let second = 0
        let level = 0.1
        const told = readings.map(({ by, pause }): TestReading => {
          second += pause
          level = Math.min(1, Math.max(0, level + by))
          return tell(second / 3600, level)
        })
        const delivery = {
          delay: (index: number) => readings[index]?.delay ?? 0,
          twice: (index: number) => readings[index]?.twice ?? false,
        }
        const wanted = spans(tested, told)
        if (wanted.length > 0) seen.some = true
        else seen.none = true
        expect(spans(tested, told, delivery)).toEqual(wanted)
      }),
      { numRuns: 150, seed: 4 },
    )
    expect(seen).toEqual({ some: true, none: true })
  })

  test.each([
    ['a falling value reset by a drop', { direction: 'falling' }, 'a falling value is reset by a rise'],
    ['a field that is no number', { field: 'status' }, 'status is not a number field'],
    ['less than three readings', { least: { readings: 2 } }, 'Too small'],
  ])('refused: %s', (_, options, wanted) => {
    const { condition } = bin(options).rule
    expect(JSON.stringify(compileRules([ruleText({ condition })]))).toContain(wanted)
  })
})
