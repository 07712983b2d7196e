/** What was learned in weeks outlives a clock of the device that is set back, as a rule is then followed in the new time. */
import { describe, expect, test } from 'vitest'
import type { DeviceEntry, Journaled } from '../../../model/entry.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { compiled, device, directoryOf, midnight, ruleText } from '../../testing/community.ts'

const hourMs = 3_600_000

interface Life {
  readonly condition: Readonly<Record<string, unknown>>
  /** What the device tells, at a true hour. */
  values(hour: number): Readonly<Record<string, number>>
  readonly hours: number
  /** The device's clock is set back by three hours then. */
  readonly setBackAt: number
}

/** Hours (true ones) at which an episode began; a reading every 5 min. */
function beganAt({ condition, values, hours, setBackAt }: Life): number[] {
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
      ts: receivedAt - (hour >= setBackAt ? 3 * hourMs : 0),
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

const lives: readonly [name: string, life: Life, began: readonly number[]][] = [
  [
    'drift',
    {
      condition: { drift: { field: 'temperature', by: 20, days: 2, over: '6d' } },
      values: (hour) => ({ temperature: hour < 120 ? 10 : 40 }),
      hours: 200,
      setBackAt: 110,
    },
    // Two days of its calendar; in its new time the second ends three hours later.
    [171],
  ],
  [
    'deviation',
    {
      condition: { deviation: { field: 'temperature', by: 20, least: '7d' } },
      values: (hour) => ({ temperature: hour < 218 ? 10 : 40 }),
      hours: 230,
      setBackAt: 200,
    },
    [219],
  ],
  [
    'stuck',
    {
      condition: { stuck: { field: 'fillingLevel', for: '4d' } },
      values: () => ({ fillingLevel: 0.4 }),
      hours: 110,
      setBackAt: 60,
    },
    // Up to a tenth of `hold`, and the ten minutes until the new time is believed, are lost.
    [99],
  ],
  [
    'forecast',
    {
      condition: { forecast: { field: 'fillingLevel', reaches: 0.8, within: '1d' } },
      values: (hour) => ({ fillingLevel: 0.1 + hour * 0.01 }),
      hours: 60,
      setBackAt: 40,
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
      setBackAt: 110,
    },
    [171],
  ],
]

describe('a clock set back by three hours takes nothing away that was learned', () => {
  test.each(lives)('%s', (_, life, began) => {
    expect(beganAt(life)).toEqual(began)
  })

  test('drift: the same days would not be enough to learn it anew', () => {
    const life = (lives[0] as (typeof lives)[number])[1]
    const since = beganAt({ ...life, hours: 90, values: (hour) => life.values(hour + 110), setBackAt: 999 })
    expect(since).toEqual([])
  })
})
