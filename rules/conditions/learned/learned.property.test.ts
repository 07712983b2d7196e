/** Learned conditions: arrival order within 5 min, duplicates and restarts do not change an episode. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../../model/device-type.ts'
import { spans, type Tested, type TestReading } from '../../testing/episodes.ts'

/** Short durations, so that a story of some days raises alerts. */
const conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  often: {
    sample: "carDriveStatus == 'stationary'",
    when: 'abs(levellingError) > 10.0',
    times: 3,
    of: 5,
    keep: 1,
  },
  stuck: { field: 'carLoad', for: '3h', maxAge: '2h', unless: "carDriveStatus == 'braking'" },
  forecast: {
    field: 'motorTemperature',
    reaches: 90,
    within: '12h',
    every: '1m',
    least: { readings: 3, for: '2m' },
    reset: { drop: 20 },
  },
  drift: { field: 'motorTemperature', by: 10, over: '4d', least: '1d', days: 1 },
  deviation: { field: 'tripCount', counter: true, z: 3, least: '1d', per: '6h' },
  jump: { field: 'motorTemperature', by: 20, within: '10m', per: '2h', kind: 'echo' },
}

const tested = (name: string): Tested => ({
  type: 'elevator',
  rule: { condition: { [name]: conditions[name] }, mute: "carMode == 'inspection'" },
  timeZone: 'Asia/Shanghai',
})

const reading = fc.record({
  stands: fc.constantFrom('stationary', 'rated-speed', 'stationary', 'braking', undefined),
  error: fc.constantFrom(15, 12, 0, undefined),
  load: fc.constantFrom(40, 40, 40, 40, 41),
  heat: fc.constantFrom(40, 41, 45, 55, 66, 70, undefined),
  trips: fc.constantFrom(0, 1, 5, 60, -1000),
  mode: fc.constantFrom('normal', 'normal', 'normal', 'normal', 'inspection'),
  pause: fc.constantFrom(2, 10, 30, 60, 150, 290, 1200, 3600, 7000, 20_000, 40_000, 86_000),
  delay: fc.nat(299),
  twice: fc.boolean(),
})
const readings = fc.array(reading, { minLength: 20, maxLength: 120, size: 'max' })
type Reading = typeof reading extends fc.Arbitrary<infer R> ? R : never

function readingsOf(all: readonly Reading[]): TestReading[] {
  let second = 0
  let trips = 1000
  const messages = all.map(({ stands, error, load, heat, mode, pause, ...one }) => {
    second += pause
    trips = Math.max(0, trips + one.trips)
    const values: Record<string, FieldValues[string] | undefined> = {
      carDriveStatus: stands,
      levellingError: error,
      carLoad: load,
      motorTemperature: heat,
      tripCount: trips,
      carMode: mode,
    }
    const known = Object.entries(values).filter(([, value]) => value !== undefined)
    return { hour: second / 3600, values: Object.fromEntries(known) as FieldValues }
  })
  // A last reading without these fields, after the last timer.
  return [...messages, { hour: second / 3600 + 48, values: { carPosition: 1 } }]
}

/** Raise with LINLI_PROPERTY_RUNS for a long search. */
const runs = Math.ceil(Number(process.env.LINLI_PROPERTY_RUNS ?? 300) / 3)

describe.each(Object.keys(conditions))('%s', (name) => {
  test('any arrival order and any restarts give the same episodes', () => {
    const restarts = fc.array(fc.nat(150), { maxLength: 5 })
    fc.assert(
      fc.property(readings, restarts, (all, cuts) => {
        const messages = readingsOf(all)
        const wanted = spans(tested(name), messages)
        const delivery = {
          delay: (index: number) => all[index]?.delay ?? 0,
          isDuplicated: (index: number) => all[index]?.twice ?? false,
        }
        expect(spans(tested(name), messages, delivery)).toEqual(wanted)
        expect(spans(tested(name), messages, { ...delivery, restarts: cuts })).toEqual(wanted)
      }),
      { numRuns: runs },
    )
  })

  test('the stories raise and clear alerts', () => {
    const stories = fc.sample(readings, { numRuns: 300, seed: 3 })
    const raised = stories.flatMap((all) => spans(tested(name), readingsOf(all)))
    expect(raised.length).toBeGreaterThan(3)
    expect(raised.filter((span) => !span.endsWith('-')).length).toBeGreaterThan(0)
  })
})
