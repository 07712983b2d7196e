/** Forecasts of a threshold: when it raises, when not, and independence of arrival order and restarts. */
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

const reading = (hour: number, value: number, field = 'fillingLevel'): TestReading => ({
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
  /** Added to the values in turn. */
  readonly noise?: readonly number[]
}

function ramp({ from, by, hours, start = 0, every = 2, field, noise = [0] }: Ramp): TestReading[] {
  return Array.from({ length: Math.floor(hours / every) + 1 }, (_, index) => {
    const value = from + (by * index * every) / 24 + (noise[index % noise.length] as number)
    return reading(start + index * every, Math.round(Math.max(0, value) * 1000) / 1000, field)
  })
}

type Row = readonly [
  name: string,
  tested: Tested,
  readings: readonly TestReading[],
  wanted: readonly string[],
]

/** From 0.1 by half a bin a day: 0.8 is reached at hour 33.6, so the forecast is within 24 h from hour 9.6. */
const usual: Ramp = { from: 0.1, by: 0.5, hours: 30 }

const rows: readonly Row[] = [
  ['raises a day before', bin(), ramp(usual), ['10 10 -']],
  ['not before six hours of readings', bin(), ramp({ ...usual, from: 0.5, hours: 5 }), []],
  ['after six hours of readings', bin(), ramp({ ...usual, from: 0.5, hours: 6 }), ['6 6 -']],
  ['rises too slowly', bin(), ramp({ from: 0.1, by: 0.05, hours: 240 }), []],
  ['rises slowly, raises when near', bin(), ramp({ from: 0.1, by: 0.05, hours: 314 }), ['314 314 -']],
  ['a constant level', bin(), ramp({ from: 0.7, by: 0, hours: 200 }), []],
  [
    'noise without a trend',
    bin(),
    ramp({ from: 0.7, by: 0, hours: 200, noise: [0, 0.03, -0.03, 0.02, -0.02] }),
    [],
  ],
  ['noise on a trend', bin(), ramp({ ...usual, noise: [0, 0.02, -0.02] }), ['10 10 -']],
  ['full already: no forecast', bin(), ramp({ from: 0.85, by: 0.1, hours: 30 }), []],
  ['stays open after the threshold is reached', bin(), ramp({ ...usual, hours: 48 }), ['10 10 -']],
  [
    'ends when emptied, and starts again',
    bin(),
    [...ramp(usual), ...ramp({ ...usual, from: 0, start: 32 })],
    ['10 10 32', '48 48 -'],
  ],
  [
    'ends when emptied after it was full',
    bin(),
    [...ramp({ ...usual, hours: 40 }), reading(42, 0.02)],
    ['10 10 42'],
  ],
  [
    'a small drop is no reset',
    bin(),
    [...ramp(usual), reading(32, 0.5), reading(34, 0.54), reading(36, 0.58)],
    ['10 10 -'],
  ],
  [
    'one high outlier neither resets nor raises',
    bin(),
    [
      ...ramp({ from: 0.1, by: 0.02, hours: 60 }),
      reading(61, 0.7),
      ...ramp({ from: 0.15, by: 0.02, hours: 40, start: 62 }),
    ],
    [],
  ],
  [
    'one low outlier resets, and the step back does not raise',
    bin(),
    [
      ...ramp({ from: 0.6, by: 0, hours: 60 }),
      reading(61, 0.1),
      ...ramp({ from: 0.6, by: 0, hours: 60, start: 62 }),
    ],
    [],
  ],
  [
    'ends when the level stops rising',
    bin(),
    [...ramp({ from: 0.1, by: 0.5, hours: 12 }), ...ramp({ from: 0.35, by: 0, hours: 90, start: 14 })],
    ['10 10 24'],
  ],
  [
    'a gap in the readings',
    bin(),
    [...ramp({ ...usual, hours: 8 }), ...ramp({ ...usual, from: 0.5, hours: 4, start: 20 })],
    ['20 20 -'],
  ],
  ['two readings are not enough', bin(), [reading(0, 0.1), reading(12, 0.6)], []],
  ['three readings are enough', bin(), [reading(0, 0.1), reading(6, 0.3), reading(12, 0.5)], ['12 12 -']],
  [
    '`least` readings',
    bin({ least: { readings: 4 } }),
    [reading(0, 0.1), reading(6, 0.3), reading(12, 0.5)],
    [],
  ],
  [
    'ignores NaN and missing values',
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
    '`over`: ignores old readings',
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
    'falling, ends when the battery is changed',
    battery(),
    [
      ...ramp({ from: 0.5, by: -0.01, hours: 33 * 24, every: 12, field: 'batteryLevel' }),
      reading(34 * 24, 1, 'batteryLevel'),
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
  test.each(rows)('%s', (_, tested, readings, wanted) => {
    expect(spans(tested, readings)).toEqual(wanted)
  })
  test.each(rows)('with restarts and duplicates: %s', (_, tested, readings, wanted) => {
    const delivery = { restarts: [0, 3, 5, 6, 11, 20, 33], isDuplicated: (index: number) => index % 2 === 0 }
    expect(spans(tested, readings, delivery)).toEqual(wanted)
  })

  test('the evidence has the hours left', () => {
    const [episode] = episodes(bin(), ramp(usual))
    expect(episode?.evidence).toMatchObject({ now: 0.308, hoursLeft: 23.6 })
  })

  test('does not begin while muted', () => {
    const readings = ramp(usual).map((one) => ({ ...one, values: { ...one.values, status: 'moved' } }))
    expect(spans(bin({}, { mute: "status == 'moved'" }), readings)).toEqual([])
  })

  test('gives the same episode with a restart after every reading', () => {
    const readings = ramp({ from: 0, by: 0.001, hours: 400, every: 0.5 })
    const restarts = readings.map((_, index) => index)
    expect(spans(bin(), readings, { restarts })).toEqual(spans(bin(), readings))
  })

  test('any arrival order within 5 min gives the same episodes', () => {
    const step = fc.record({
      by: fc.constantFrom(0.01, 0.02, 0.05, 0, -0.4),
      pause: fc.integer({ min: 5, max: 100 }),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const tested = bin({ within: '6m', least: { readings: 3, for: '1m' } })
    const seen = { some: false, none: false }
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        let second = 0
        let level = 0.1
        const readings = steps.map(({ by, pause }): TestReading => {
          second += pause
          level = Math.min(1, Math.max(0, level + by))
          return reading(second / 3600, level)
        })
        const delivery = {
          delay: (index: number) => steps[index]?.delay ?? 0,
          isDuplicated: (index: number) => steps[index]?.twice ?? false,
        }
        const wanted = spans(tested, readings)
        if (wanted.length > 0) seen.some = true
        else seen.none = true
        expect(spans(tested, readings, delivery)).toEqual(wanted)
      }),
      { numRuns: 150, seed: 4 },
    )
    expect(seen).toEqual({ some: true, none: true })
  })

  test.each([
    ['a falling value reset by a drop', { direction: 'falling' }, 'a falling value is reset by a rise'],
    ['a field that is not a number', { field: 'status' }, 'status is not a number field'],
    ['less than three readings', { least: { readings: 2 } }, 'Too small'],
  ])('rejects %s', (_, options, wanted) => {
    const { condition } = bin(options).rule
    expect(JSON.stringify(compileRules([ruleText({ condition })]))).toContain(wanted)
  })
})
