/** The shipped rules for street lights, cabinets, bins and mass outages (domain.md 3, 4, D9). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import type { Device } from '../../model/ports/directory.ts'
import { device, directoryOf, type StoryMessage, shipped, story } from '../testing/community.ts'

/** A message every `step` minutes of a span. In March in Greenwich the sun rises at 6:45 and sets at 17:38. */
function every(
  minutes: number,
  [from, to]: readonly [number, number],
  values: FieldValues,
  ids: readonly string[] = ['it'],
): StoryMessage[] {
  const messages: StoryMessage[] = []
  for (let at = from; at <= to; at += minutes)
    for (const id of ids) messages.push({ device: id, at: `${at}m`, values })
  return messages
}
const hours = (from: number, to: number): readonly [number, number] => [from * 60, to * 60]
const minuteOf = ({ at }: StoryMessage): number => Number.parseFloat(at)

interface Scenario {
  readonly rules: readonly string[]
  readonly devices?: readonly Device[]
  readonly messages: readonly StoryMessage[]
  /** Until when the hub ticks after the last message. */
  readonly until?: string
}
const lampMeta = { powerRating: 60, maxOperatingHours: 10_000 }
const lamps = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6']
const circuit = lamps.map((id) => device(id, 'streetlight', { circuit: 'c1', meta: lampMeta }))
const lamp = [device('it', 'streetlight', { meta: lampMeta })]
const cabinet = [device('it', 'cabinet')]
const bin = (meta: FieldValues = {}) => [device('it', 'bin', { meta })]

function run({ rules, devices = lamp, messages, until }: Scenario) {
  const inOrder = messages.toSorted((a, b) => minuteOf(a) - minuteOf(b))
  const end = story(shipped(...rules), directoryOf(devices)).say(...inOrder)
  if (until) end.tick(until, 60)
  expect(end.engine.stats().failures).toEqual([])
  return end
}
const changesOf = (scenario: Scenario): string[] =>
  run(scenario).findings.map(({ change, rule, at, severity }) => {
    const minute = Math.round((at - Date.UTC(2026, 2, 1)) / 60_000)
    return `${change} ${rule} ${severity} ${minute}`
  })

const on: FieldValues = {
  powerState: 'on',
  illuminanceLevel: 1,
  powerConsumption: 60,
  powerFactor: 0.96,
  voltage: 230,
}
const off: FieldValues = {
  powerState: 'off',
  illuminanceLevel: 0,
  powerConsumption: 0.4,
  powerFactor: 0.4,
  voltage: 230,
}
const noon = 720

const fires: readonly (readonly [string, Scenario, readonly string[]])[] = [
  [
    'L1 a lamp is on by day',
    {
      rules: ['day-burner'],
      messages: [...every(5, [noon, noon + 60], on), ...every(5, [noon + 65, noon + 70], off)],
    },
    ['began day-burner low 750', 'ended day-burner low 785'],
  ],
  [
    'L1 one lamp of a circuit',
    {
      rules: ['day-burner'],
      devices: circuit,
      messages: [
        ...every(5, [noon, noon + 40], on, ['l1']),
        ...every(5, [noon, noon + 40], off, lamps.slice(1)),
      ],
    },
    ['began day-burner low 750'],
  ],
  [
    'L3 two thirds of the power that is expected',
    {
      rules: ['lamp-power'],
      messages: [...every(1, [0, 10], on), ...every(1, [11, 40], { ...on, powerConsumption: 40 })],
    },
    ['began lamp-power low 26'],
  ],
  [
    'L3 too much for its dim level',
    {
      rules: ['lamp-power'],
      messages: every(1, [0, 30], { ...on, illuminanceLevel: 0.5, powerConsumption: 42 }),
    },
    ['began lamp-power low 20'],
  ],
  [
    'L6 on and off five times',
    {
      rules: ['lamp-cycling'],
      messages: Array.from(
        { length: 10 },
        (_, index): StoryMessage => ({
          device: 'it',
          at: `${index * 3}m`,
          values: index % 2 === 0 ? on : off,
        }),
      ),
    },
    ['began lamp-cycling low 24'],
  ],
  [
    'L6 between two messages, by its counter',
    {
      rules: ['lamp-cycling'],
      messages: [100, 100, 102, 104, 105].map(
        (switchOnCounter, index): StoryMessage => ({
          device: 'it',
          at: `${index * 10}m`,
          values: { ...on, switchOnCounter },
        }),
      ),
    },
    ['began lamp-cycling low 40'],
  ],
  [
    'L7 at nine tenths of its life, and at its end',
    {
      rules: ['lamp-end-of-life'],
      messages: [8999, 9000, 9999, 10_000, 3].map(
        (operatingHours, index): StoryMessage => ({
          device: 'it',
          at: `${index * 5}m`,
          values: { operatingHours },
        }),
      ),
    },
    [
      'began lamp-end-of-life low 5',
      'severity lamp-end-of-life medium 15',
      'ended lamp-end-of-life medium 20',
    ],
  ],
  [
    'L9 three hours in total of a bad voltage in a night',
    {
      rules: ['lamp-supply'],
      messages: [
        ...every(5, hours(18, 20), { ...on, voltage: 205 }),
        ...every(5, [1205, 1260], on),
        ...every(5, hours(21.1, 23), { ...on, voltage: 255 }),
      ],
    },
    // Good from 20:05 on; the reading before counts until then.
    ['began lamp-supply medium 1321'],
  ],
  [
    'L9 a phase with a bad power factor',
    {
      rules: ['cabinet-supply'],
      devices: cabinet,
      messages: every(5, hours(18, 22), { voltageR: 230, activePowerR: 2, powerFactorR: 0.8 }),
    },
    ['began cabinet-supply medium 1260'],
  ],
  [
    'L11 the pole tilts, and only a person clears it',
    {
      rules: ['pole-tilted', 'pole-damaged'],
      messages: [{ device: 'it', at: '5m', kind: 'event', values: { type: 'tilt' } }],
      until: '3h',
    },
    ['began pole-tilted high 5'],
  ],
  [
    'L11 the light reports a damaged pole',
    {
      rules: ['pole-damaged'],
      messages: [...every(5, [0, 10], { status: 'columnIssue' }), ...every(5, [15, 15], { status: 'ok' })],
    },
    ['began pole-damaged high 0', 'ended pole-damaged high 15'],
  ],
  [
    'B1 a jump that stays is full with the second reading',
    {
      rules: ['bin-full'],
      devices: bin(),
      messages: [0.3, 0.96, 0.96].map(
        (fillingLevel, index): StoryMessage => ({
          device: 'it',
          at: `${index * 15}m`,
          values: { fillingLevel },
        }),
      ),
    },
    ['began bin-full high 30'],
  ],
  [
    'B2 full before the evening round',
    {
      rules: ['bin-fills-up'],
      devices: bin({ collectionTimes: '06:00,18:00' }),
      messages: Array.from(
        { length: 30 },
        (_, index): StoryMessage => ({
          device: 'it',
          at: `${420 + index * 15}m`,
          values: { fillingLevel: 0.1 + index * 0.02 },
        }),
      ),
    },
    ['began bin-fills-up low 600'],
  ],
  [
    'B3 the level falls by 0.3 between two readings, or the bin reports it before its level does',
    {
      rules: ['bin-emptied'],
      devices: bin(),
      messages: [
        ...every(15, [0, 15], { fillingLevel: 0.7 }),
        ...every(15, [30, 45], { fillingLevel: 0.4 }),
        { device: 'it', at: '60m', kind: 'event', values: { type: 'emptied' } },
        ...every(15, [75, 90], { fillingLevel: 0.05 }),
      ],
    },
    [
      'began bin-emptied low 30',
      'ended bin-emptied low 45',
      'began bin-emptied low 60',
      'ended bin-emptied low 90',
    ],
  ],
  [
    'B5 tilted in two readings',
    {
      rules: ['bin-tipped'],
      devices: bin(),
      messages: every(15, [0, 30], { position: 'tilt', status: 'ok' }),
    },
    ['began bin-tipped medium 15'],
  ],
  [
    'B5 reports that it was moved',
    { rules: ['bin-tipped'], devices: bin(), messages: every(15, [0, 0], { status: 'moved' }) },
    ['began bin-tipped medium 0'],
  ],
  [
    'B6 the lid is open for an hour',
    {
      rules: ['bin-lid-open'],
      devices: bin(),
      messages: every(15, [0, 0], { status: 'lidOpen' }),
      until: '2h',
    },
    ['began bin-lid-open low 60'],
  ],
  [
    'B7 the same level for a fortnight',
    {
      rules: ['bin-level-stuck'],
      devices: bin(),
      messages: [
        ...every(720, hours(0, 15 * 24), { fillingLevel: 0.4 }),
        ...every(720, hours(15.5 * 24, 15.5 * 24), { fillingLevel: 0.42 }),
      ],
    },
    [`began bin-level-stuck low ${14 * 1440}`, `ended bin-level-stuck low ${15.5 * 1440}`],
  ],
  [
    'B8 the sensor reports a fault',
    {
      rules: ['bin-sensor-fault', 'bin-full'],
      devices: bin(),
      messages: [
        ...every(15, [0, 30], { status: 'unknown', fillingLevel: 0 }),
        ...every(15, [45, 45], { status: 'ok', fillingLevel: 0.2 }),
      ],
    },
    ['began bin-sensor-fault low 0', 'ended bin-sensor-fault low 45'],
  ],
  [
    'B8 it sees farther than the bottom of the bin',
    {
      rules: ['bin-sensor-fault'],
      devices: bin({ emptyDistance: 1000 }),
      messages: every(15, [0, 30], { status: 'ok', distance: 2000, fillingLevel: 0 }),
    },
    ['began bin-sensor-fault low 15'],
  ],
  [
    'B8 a fault empties no full bin',
    {
      rules: ['bin-full'],
      devices: bin(),
      messages: [
        ...every(15, [0, 15], { status: 'ok', fillingLevel: 0.85 }),
        ...every(15, [30, 60], { status: 'unknown', fillingLevel: 0 }),
      ],
    },
    ['began bin-full low 0'],
  ],
  [
    'B10 organic waste for a week, by the drop of its level',
    {
      rules: ['bin-collection-late'],
      devices: bin({ storedWasteKind: 'organic' }),
      messages: [
        ...every(15, [0, 15], { fillingLevel: 0.7 }),
        ...every(720, [30, 8 * 1440], { fillingLevel: 0.3 }),
      ],
      until: '8d',
    },
    [`began bin-collection-late low ${30 + 7 * 1440}`],
  ],
]

const quiet: readonly (readonly [string, Scenario])[] = [
  [
    'L1 before sunrise and after sunset',
    { rules: ['day-burner'], messages: [...every(5, hours(5, 6.5), on), ...every(5, hours(17.7, 19), on)] },
  ],
  [
    'L1 commanded, as the lamp reports',
    { rules: ['day-burner'], messages: every(5, [noon, noon + 90], { ...on, switchingMode: 'always-ON' }) },
  ],
  [
    'L1 the whole circuit is tested',
    { rules: ['day-burner'], devices: circuit, messages: every(5, [noon, noon + 90], on, lamps) },
  ],
  [
    'L1 half an hour is not over',
    {
      rules: ['day-burner'],
      messages: [...every(5, [noon, noon + 25], on), ...every(5, [noon + 29, noon + 29], off)],
    },
  ],
  [
    'L3 within the tolerance of 15 %',
    { rules: ['lamp-power'], messages: every(1, [0, 60], { ...on, powerConsumption: 51.5 }) },
  ],
  [
    'L3 a tolerance of its own',
    {
      rules: ['lamp-power'],
      devices: [device('it', 'streetlight', { meta: { powerRating: 60, lampPowerTolerance: 25 } })],
      messages: every(1, [0, 60], { ...on, powerConsumption: 40 }),
    },
  ],
  [
    'L3 at least 5 W',
    {
      rules: ['lamp-power'],
      devices: [device('it', 'streetlight', { meta: { powerRating: 20 } })],
      messages: every(1, [0, 60], { ...on, powerConsumption: 15.5 }),
    },
  ],
  [
    'L3 dimmed, but it does not start how far',
    { rules: ['lamp-power'], messages: every(1, [0, 60], { powerState: 'low', powerConsumption: 30 }) },
  ],
  [
    'L3 dark is another matter',
    { rules: ['lamp-power'], messages: every(1, [0, 60], { ...on, powerConsumption: 1 }) },
  ],
  [
    'L6 four times',
    {
      rules: ['lamp-cycling'],
      messages: Array.from(
        { length: 8 },
        (_, index): StoryMessage => ({
          device: 'it',
          at: `${index * 3}m`,
          values: index % 2 === 0 ? on : off,
        }),
      ),
    },
  ],
  [
    'L6 another counter',
    {
      rules: ['lamp-cycling'],
      messages: [3, 4, 9000, 9001].map(
        (switchOnCounter, index): StoryMessage => ({
          device: 'it',
          at: `${index * 10}m`,
          values: { ...on, switchOnCounter },
        }),
      ),
    },
  ],
  [
    'L7 nobody knows its life',
    {
      rules: ['lamp-end-of-life'],
      devices: [device('it', 'streetlight')],
      messages: every(5, [0, 10], { operatingHours: 90_000 }),
    },
  ],
  ['L9 by day', { rules: ['lamp-supply'], messages: every(5, hours(8, 16), { ...on, voltage: 200 }) }],
  [
    'L9 control gear alone has a bad factor',
    { rules: ['lamp-supply'], messages: every(5, hours(18, 23), off) },
  ],
  [
    'L10 a small circuit of which one lamp is off',
    {
      rules: ['lamp-off-at-night'],
      devices: circuit.slice(0, 2),
      messages: [...every(5, hours(19, 21), on, ['l1']), ...every(5, hours(19, 21), off, ['l2'])],
    },
  ],
  [
    'L11 something else happens to the pole',
    {
      rules: ['pole-tilted'],
      messages: [{ device: 'it', at: '5m', kind: 'event', values: { type: 'tamper' } }],
    },
  ],
  [
    'B1 a bag lies on the sensor for one reading (B9)',
    {
      rules: ['bin-full'],
      devices: bin(),
      messages: [0.3, 0.95, 0.31, 0.3].map(
        (fillingLevel, index): StoryMessage => ({
          device: 'it',
          at: `${index * 15}m`,
          values: { fillingLevel },
        }),
      ),
    },
  ],
  [
    'B2 full tomorrow, and somebody comes this evening',
    {
      rules: ['bin-fills-up'],
      devices: bin({ collectionTimes: '06:00,18:00' }),
      messages: Array.from(
        { length: 40 },
        (_, index): StoryMessage => ({
          device: 'it',
          at: `${420 + index * 15}m`,
          values: { fillingLevel: Math.round((0.1 + index * 0.005) * 100) / 100 },
        }),
      ),
    },
  ],
  [
    'B4 the sun stands on it',
    {
      rules: ['bin-fire'],
      devices: bin(),
      messages: Array.from(
        { length: 60 },
        (_, index): StoryMessage => ({
          device: 'it',
          at: `${index * 2}m`,
          values: { temperature: Math.min(50, 20 + index * 0.8) },
        }),
      ),
    },
  ],
  [
    'B3 a bag is removed from the sensor, and some waste from the bin',
    {
      rules: ['bin-emptied'],
      devices: bin(),
      messages: [0.3, 0.9, 0.3, 0.3, 0.85, 0.85, 0.6, 0.6].map(
        (fillingLevel, index): StoryMessage => ({
          device: 'it',
          at: `${index * 15}m`,
          values: { fillingLevel },
        }),
      ),
    },
  ],
  [
    'B3 a faulty sensor reports 0',
    {
      rules: ['bin-emptied'],
      devices: bin(),
      messages: [
        ...every(15, [0, 15], { fillingLevel: 0.7, status: 'ok' }),
        ...every(15, [30, 45], { fillingLevel: 0, status: 'unknown' }),
      ],
    },
  ],
  [
    'B5 tilted for one reading, while it is emptied',
    {
      rules: ['bin-tipped'],
      devices: bin(),
      messages: [...every(15, [0, 0], { position: 'tilt' }), ...every(15, [15, 30], { position: 'normal' })],
    },
  ],
  [
    'B5 tilted for two readings within the two minutes of an emptying',
    {
      rules: ['bin-tipped'],
      devices: bin(),
      messages: [...every(1, [0, 1], { position: 'tilt' }), ...every(15, [2, 32], { position: 'normal' })],
    },
  ],
  [
    'B6 open for 50 minutes',
    {
      rules: ['bin-lid-open'],
      devices: bin(),
      messages: [...every(10, [0, 40], { status: 'lidOpen' }), ...every(10, [50, 50], { status: 'ok' })],
      until: '2h',
    },
  ],
  [
    'B7 an empty bin',
    {
      rules: ['bin-level-stuck'],
      devices: bin(),
      messages: every(720, hours(0, 20 * 24), { fillingLevel: 0 }),
    },
  ],
  [
    'B10 emptied within the time, as it reports',
    {
      rules: ['bin-collection-late'],
      devices: bin(),
      messages: [
        ...every(720, hours(0, 20 * 24), { fillingLevel: 0.3 }),
        { device: 'it', at: `${10 * 1440 + 5}m`, kind: 'event', values: { type: 'emptied' } },
      ],
    },
  ],
  [
    'B10 nobody fills it',
    {
      rules: ['bin-collection-late'],
      devices: bin(),
      messages: every(720, hours(0, 20 * 24), { fillingLevel: 0.02 }),
    },
  ],
]

describe('raises', () => {
  test.each(fires)('%s', (_, scenario, expected) => {
    expect(changesOf(scenario)).toEqual(expected)
  })
})
describe('raises nothing', () => {
  test.each(quiet)('%s', (_, scenario) => {
    expect(changesOf(scenario)).toEqual([])
  })
  test('B10 does not count the end of an echo or a faulty sensor as emptying', () => {
    const level = (fillingLevel: number, at: number, status = 'ok'): StoryMessage => ({
      device: 'it',
      at: `${at}m`,
      values: { fillingLevel, status },
    })
    const rest = every(720, [2 * 1440, 16 * 1440], { fillingLevel: 0.31, status: 'ok' })
    const echo = [level(0.3, 1440), level(0.9, 1455), level(0.3, 1470)]
    const fault = [level(0.7, 1440), level(0, 1455, 'unknown')]
    for (const before of [echo, fault])
      expect(
        changesOf({
          rules: ['bin-collection-late'],
          devices: bin(),
          messages: [...before, ...rest],
          until: '16d',
        }),
      ).toEqual([`began bin-collection-late low ${15 * 1440}`])
  })
})

test.each<[string, FieldValues, FieldValues, string, string]>([
  ['bin-tipped', { position: 'tilt' }, {}, '垃圾桶连续 2 次读数为倾斜', 'Tilted in 2 consecutive readings'],
  ['bin-tipped', { status: 'vandalized' }, {}, '垃圾桶上报：被破坏', 'The bin reports: vandalised'],
  [
    'bin-sensor-fault',
    { status: 'unknown' },
    {},
    '传感器自报故障，满溢度不可信',
    'The sensor reports a fault; the level is unknown',
  ],
  [
    'bin-sensor-fault',
    { distance: 2000 },
    { emptyDistance: 1200 },
    '测距 2000 mm，超过空桶深度 1200 mm，满溢度不可信',
    'Measured 2000 mm, deeper than the empty bin (1200 mm); the level is unknown',
  ],
])('%s of %o states only observed facts in its reason', (rule, values, meta, zh, en) => {
  const { findings } = run({ rules: [rule], devices: bin(meta), messages: every(15, [0, 30], values) })
  expect(findings[0]?.reason).toEqual({ zh, en })
})

describe('L10 a lamp that stays off', () => {
  const others = every(5, hours(18, 20), on, lamps.slice(1))
  test('raises while its circuit is on', () => {
    const scenario = {
      rules: ['lamp-off-at-night'],
      devices: circuit,
      messages: [...others, ...every(5, hours(18, 20), off, ['l1'])],
    }
    expect(changesOf(scenario)).toEqual([`began lamp-off-at-night low ${18 * 60 + 20}`])
  })
  test('ignores lamps when half of the circuit is off by its timetable', () => {
    const some = lamps.slice(0, 3)
    const messages = [...every(5, hours(18, 20), off, some), ...every(5, hours(18, 20), on, lamps.slice(3))]
    expect(changesOf({ rules: ['lamp-off-at-night'], devices: circuit, messages })).toEqual([])
  })
})

describe('L9 one alert per circuit', () => {
  test('inhibits the alerts of its lamps', () => {
    const messages = every(5, hours(18, 22), { ...on, voltage: 205 }, lamps)
    const { findings } = run({ rules: ['circuit-supply', 'lamp-supply'], devices: circuit, messages })
    const incident = findings.find(({ rule }) => rule === 'circuit-supply')
    expect(incident).toMatchObject({ subject: 'c1', devices: lamps, inhibits: ['lamp-supply'] })
    expect(findings.filter(({ rule }) => rule === 'lamp-supply')).toHaveLength(6)
  })
})

describe('D9 mass offline', () => {
  const many = Array.from({ length: 10 }, (_, index) =>
    device(`d${index}`, 'streetlight', { gateway: index < 4 ? 'g1' : 'g2', circuit: 'c1' }),
  )
  const ids = many.map(({ id }) => id)
  const rules = ['mass-offline-site', 'mass-offline-gateway', 'mass-offline-circuit', 'device-offline']
  const gone = (who: readonly string[], at: string): StoryMessage[] =>
    who.map((id) => ({ device: id, at, kind: 'status', values: { state: 'offline' } }))
  const begun = (messages: readonly StoryMessage[], devices: readonly Device[] = many) =>
    run({
      rules,
      devices,
      messages: [
        ...every(
          5,
          [0, 5],
          on,
          devices.map(({ id }) => id),
        ),
        ...messages,
      ],
    })
      .findings.filter(({ rule, change }) => change === 'began' && rule !== 'device-offline')
      .map(({ rule, devices: all = [] }) => `${rule} ${all.length}`)

  test('raises for half of a gateway', () => {
    expect(begun(gone(ids.slice(0, 3), '6m'))).toEqual(['mass-offline-gateway 4'])
  })
  test('needs five devices in a small site', () => {
    expect(begun(gone(['d0', 'd4', 'd5', 'd6'], '6m'))).toEqual(['mass-offline-gateway 6'])
    expect(begun(gone(['d0', 'd1', 'd4', 'd5', 'd6'], '6m')).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'mass-offline-circuit 10',
      'mass-offline-gateway 6',
      'mass-offline-site 10',
    ])
  })
  test('ignores two lamps', () => {
    expect(begun(gone(['d0', 'd4'], '6m'))).toEqual([])
  })
  test('inhibits smaller causes and the devices', () => {
    const end = run({ rules, devices: many, messages: [...every(5, [0, 5], on, ids), ...gone(ids, '6m')] })
    const inhibited = Object.fromEntries(end.findings.map(({ rule, inhibits }) => [rule, inhibits]))
    expect(inhibited['mass-offline-site']).toEqual(
      expect.arrayContaining(['mass-offline-gateway', 'mass-offline-circuit', 'device-offline']),
    )
    expect(inhibited['mass-offline-gateway']).toEqual(['device-offline'])
  })
})
