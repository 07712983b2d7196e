/** Evaluating in partitions gives the result of one engine that receives everything in order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import type { DeviceEntry } from '../../model/entry.ts'
import { isAboutAlert } from '../../model/finding.ts'
import { createEngine } from '../engine/engine.ts'
import { device, directoryOf, midnight, shipped } from '../testing/community.ts'
import { type BacktestResult, type BacktestSizes, backtest } from './backtest.ts'
import { type Episode, foldFinding, sortEpisodes } from './episodes.ts'

const lamp = (id: string, circuit: string, gateway: string) =>
  device(id, 'streetlight', { circuit, gateway, meta: { powerRating: 60 } })
const home = (id: string, gateway: string) => [
  device(`${id}-front`, 'door', { home: id, gateway, meta: { role: 'entrance' } }),
  device(`${id}-hall`, 'motion', { home: id }),
]
const directory = directoryOf([
  device('lift1', 'elevator'),
  ...['l1', 'l2', 'l3'].map((id) => lamp(id, 'c1', 'g1')),
  ...home('h1', 'g1'),
  device('bin1', 'bin', { gateway: 'g2' }),
  ...['l4', 'l5', 'l6'].map((id) => lamp(id, 'c2', 'g2')),
  ...home('h2', 'g3'),
  device('bin2', 'bin'),
])
const rules = shipped()

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const valuesOf: Readonly<Record<string, fc.Arbitrary<FieldValues>>> = {
  elevator: fc.record({
    carDriveStatus: oneOf('stationary', 'stationary', 'rated-speed'),
    carDoorZone: oneOf(false, false, true),
    carDoorStatus: oneOf('closed', 'closed', 'opened'),
    passengerPresence: oneOf(true, true, false),
    passengerAlarm: oneOf(false, true),
  }),
  streetlight: fc.record({ powerState: oneOf('on', 'on', 'off'), powerConsumption: oneOf(1, 1, 58) }),
  bin: fc.record({ fillingLevel: oneOf(0.1, 0.78, 0.97), temperature: oneOf(20, 45, 62) }),
  door: fc.record({ contact: fc.boolean(), openCount: oneOf(1, 2, 3) }),
  motion: fc.record({ occupancy: fc.boolean(), batteryLevel: oneOf(0.5, 0.05) }),
}
const telemetry = oneOf(...directory.devices()).chain(({ id, type }) =>
  fc.record({
    device: fc.constant(id),
    kind: fc.constant('telemetry' as const),
    values: valuesOf[type] ?? fc.constant({}),
  }),
)
const other = fc.record({
  device: oneOf('nobody', ...directory.devices().map(({ id }) => id)),
  kind: oneOf<DeviceEntry['kind']>('status', 'event', 'meta'),
  values: oneOf<FieldValues>({ state: 'offline' }, { state: 'online' }, { type: 'sos' }, { floors: 3 }),
})
const log = fc
  .array(
    fc.record({
      message: fc.oneof({ weight: 9, arbitrary: telemetry }, { weight: 1, arbitrary: other }),
      // Includes hours of silence: timers due then fire at the next entry of any device.
      pause: oneOf(0, 0, 1, 10, 60, 400, 4000, 40_000),
      // Some messages arrive an hour or two late.
      delay: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 298 }) },
        { weight: 1, arbitrary: oneOf(700, 4000, 7200) },
      ),
    }),
    { minLength: 1, maxLength: 120, size: 'max' },
  )
  .map((steps) => {
    let ts = midnight
    const entries = steps.map(({ message, pause, delay }, messageSeq): DeviceEntry => {
      ts += pause * 1000
      const { type = 'unknown' } = directory.device(message.device) ?? {}
      return {
        ...message,
        site: 'north',
        type,
        ts,
        receivedAt: ts + delay * 1000,
        quality: 'live',
        messageSeq,
      }
    })
    return entries.sort((a, b) => a.receivedAt - b.receivedAt)
  })
const sizes: fc.Arbitrary<BacktestSizes> = fc.record({
  minDevices: fc.integer({ min: 1, max: 5 }),
  maxGroup: fc.integer({ min: 1, max: 8 }),
  batch: fc.integer({ min: 1, max: 130 }),
})

function byOneEngine(entries: readonly DeviceEntry[]): BacktestResult {
  const engine = createEngine({ rules, directory })
  const episodes = new Map<string, Episode>()
  entries.forEach((entry, index) => {
    for (const finding of engine.applyAs(index + 1, entry))
      if (isAboutAlert(finding)) foldFinding(episodes, finding, directory)
  })
  const { entries: count, unknownDevices, failures } = engine.stats()
  return { episodes: sortEpisodes(episodes.values()), stats: { entries: count, unknownDevices, failures } }
}

test('for any size of partitions and batches', () => {
  fc.assert(
    fc.property(log, sizes, (entries, some) => {
      expect(backtest({ rules, directory, entries }, some)).toEqual(byOneEngine(entries))
    }),
    { numRuns: Number(process.env.LINLI_PROPERTY_RUNS ?? 300), interruptAfterTimeLimit: 60_000 },
  )
})

test('the random logs raise alerts of devices, homes, circuits, gateways and sites', () => {
  const raised = new Set<string>()
  for (const entries of fc.sample(log, { numRuns: 200, seed: 7 }))
    for (const { rule } of byOneEngine(entries).episodes) raised.add(rule)
  const wanted = [
    'lamp-dark',
    'no-entrance-opening',
    'circuit-outage',
    'mass-offline-gateway',
    'mass-offline-site',
  ]
  expect(wanted.filter((rule) => !raised.has(rule))).toEqual([])
})
