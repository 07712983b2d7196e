/** Learned state survives a regression of the device clock, and the rule continues in the new time. */
import { describe, expect, test } from 'vitest'
import type { DeviceEntry, Journaled } from '../../../model/entry.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { compiled, device, directoryOf, midnight, ruleText } from '../../testing/community.ts'

const hourMs = 3_600_000

interface Scenario {
  readonly condition: Readonly<Record<string, unknown>>
  /** Values reported at an hour of true time. */
  values(hour: number): Readonly<Record<string, number>>
  readonly hours: number
  /** Hour at which the device clock moves back by three hours. */
  readonly regressionAt: number
}

/** Hours (true time) at which an episode began; a reading every 5 min. */
function beganAt({ condition, values, hours, regressionAt }: Scenario): number[] {
  const directory = directoryOf([device('it', 'bin')])
  const engine = createEngine({ rules: compiled([ruleText({ condition })]), directory })
  const began: number[] = []
  for (let count = 0; count < hours * 12; count += 1) {
    const hour = count / 12
    const receivedAt = midnight + Math.round(hour * hourMs)
    const entry: DeviceEntry = {
      kind: 'telemetry',
      site: 'north',
      type: 'bin',
      device: 'it',
      ts: receivedAt - (hour >= regressionAt ? 3 * hourMs : 0),
      receivedAt,
      quality: 'live',
      messageSeq: count,
      values: values(hour),
    }
    const found = engine.apply({ ...entry, seq: count + 1 } as Journaled)
    if (found.some(({ change }) => change === 'began')) began.push(Math.round(hour))
  }
  expect(engine.stats().failures).toEqual([])
  return began
}

const scenarios: readonly [name: string, scenario: Scenario, began: readonly number[]][] = [
  [
    'drift',
    {
      condition: { drift: { field: 'temperature', by: 20, days: 2, over: '6d' } },
      values: (hour) => ({ temperature: hour < 120 ? 10 : 40 }),
      hours: 200,
      regressionAt: 110,
    },
    // Two local days; in the new time the second ends three hours later.
    [171],
  ],
  [
    'deviation',
    {
      condition: { deviation: { field: 'temperature', by: 20, least: '7d' } },
      values: (hour) => ({ temperature: hour < 218 ? 10 : 40 }),
      hours: 230,
      regressionAt: 200,
    },
    [219],
  ],
  [
    'stuck',
    {
      condition: { stuck: { field: 'fillingLevel', for: '4d' } },
      values: () => ({ fillingLevel: 0.4 }),
      hours: 110,
      regressionAt: 60,
    },
    // Loses up to a tenth of `hold`, and the ten minutes until the new time is accepted.
    [99],
  ],
  [
    'forecast',
    {
      condition: { forecast: { field: 'fillingLevel', reaches: 0.8, within: '1d' } },
      values: (hour) => ({ fillingLevel: 0.1 + hour * 0.01 }),
      hours: 60,
      regressionAt: 40,
    },
    [46],
  ],
  [
    'drift within any',
    {
      condition: {
        any: {
          of: [
            { predicate: { when: 'temperature > 90.0' } },
            { drift: { field: 'temperature', by: 20, days: 2, over: '6d' } },
          ],
        },
      },
      values: (hour) => ({ temperature: hour < 120 ? 10 : 40 }),
      hours: 200,
      regressionAt: 110,
    },
    [171],
  ],
]

describe('a clock regression of three hours keeps what was learned', () => {
  test.each(scenarios)('%s', (_, scenario, began) => {
    expect(beganAt(scenario)).toEqual(began)
  })

  test('drift: the days after the regression alone are not enough to learn', () => {
    const scenario = (scenarios[0] as (typeof scenarios)[number])[1]
    const withoutHistory = beganAt({
      ...scenario,
      hours: 90,
      values: (hour) => scenario.values(hour + 110),
      regressionAt: 999,
    })
    expect(withoutHistory).toEqual([])
  })
})
