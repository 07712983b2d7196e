/** Every behaviour over a week: valid values, reproducible by seed, plausible. */
import { describe, expect, test } from 'vitest'
import { communityFile } from '../../model/community-file.ts'
import { type DeviceType, type Field, fieldProblem, type StringField } from '../../model/device-type.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import { parseTopic } from '../../model/topics.ts'
import { makeCommunity } from '../demo/community.ts'
import { recordSimulation } from '../record.ts'
import { DAY } from './behaviour.ts'
import { behaviours } from './table.ts'

const from = Date.parse('2026-03-01T00:00:00Z')
const whole = communityFile.parse(makeCommunity())

/** One device of each type, two of those in homes. */
const few = {
  ...whole,
  devices: [...deviceTypes.keys()].flatMap((type) =>
    whole.devices.filter((device) => device.type === type).slice(0, type === 'motion' ? 2 : 1),
  ),
}

interface Received {
  readonly at: number
  readonly device: string
  readonly type: string
  readonly channel: string
  readonly payload: Readonly<Record<string, unknown>>
}

function week(seed: string): Received[] {
  return [...recordSimulation({ community: few, seed, plan: [], from, to: from + 7 * DAY })].map(
    ({ topic, payload, receivedAt }) => {
      const parts = parseTopic(topic)
      if (!parts) throw new Error(`not a topic: ${topic}`)
      return { at: Date.parse(receivedAt), ...parts, payload }
    },
  )
}
const received = week('a')
const telemetry = (type: string) => received.filter((one) => one.type === type && one.channel === 'telemetry')

test('there is a behaviour for every device type', () => {
  expect(new Set(behaviours.keys())).toEqual(new Set(deviceTypes.keys()))
})

test('the same seed gives the same messages, another seed others', () => {
  expect(week('a')).toEqual(received)
  expect(week('b')).not.toEqual(received)
})

function wrongValues(type: DeviceType, { channel, payload }: Received): string[] {
  const { ts: _, seq: __, ...values } = payload
  if (channel === 'event') return String(values.type) in type.events ? [] : [`event ${values.type}`]
  if (channel === 'status') return []
  const fields: Readonly<Record<string, Field | StringField>> =
    channel === 'meta' ? type.meta : type.telemetry
  return Object.entries(values).flatMap(([name, value]) => {
    const field = fields[name]
    const fault = field ? fieldProblem(field, value) : 'unknown'
    return fault ? [`${name} = ${JSON.stringify(value)}: ${fault}`] : []
  })
}

describe.each([...deviceTypes.values()])('$type over a week', (type) => {
  test('sends only fields and values of its type, with ts and increasing seq', () => {
    const messages = received.filter((one) => one.type === type.type)
    expect(messages.length).toBeGreaterThan(20)
    expect(messages.flatMap((one) => wrongValues(type, one))).toEqual([])
    const seqs = new Map<string, number>()
    const wrong = messages.filter(({ channel, device, payload, at }) => {
      if (channel !== 'telemetry' && channel !== 'event') return false
      const before = seqs.get(device) ?? 0
      seqs.set(device, Number(payload.seq))
      return payload.seq !== before + 1 || Date.parse(String(payload.ts)) !== at
    })
    expect(wrong).toEqual([])
  })

  test('is never silent for longer than its offline limit', () => {
    const limit = type.power === 'mains' ? 10 * 60_000 : 25 * 3_600_000
    const last = new Map<string, number>()
    let longest = 0
    for (const { device, at } of telemetry(type.type)) {
      longest = Math.max(longest, at - (last.get(device) ?? from))
      last.set(device, at)
    }
    for (const at of last.values()) longest = Math.max(longest, from + 7 * DAY - at)
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThan(limit)
  })
})

describe('plausible', () => {
  test('street lights are on at night only', () => {
    const lit = telemetry('streetlight').filter((one) => one.payload.powerState === 'on')
    const hours = lit.map((one) => (new Date(one.at).getUTCHours() + 8) % 24)
    expect(lit.length).toBeGreaterThan(3000)
    expect(hours.every((hour) => hour >= 17 || hour <= 6)).toBe(true)
    const weak = lit.filter(
      ({ payload }) => Number(payload.powerConsumption) < 50 * Number(payload.illuminanceLevel),
    )
    expect(weak).toEqual([])
  })

  test('counters never decrease', () => {
    const counters = [
      ['elevator', 'tripCount'],
      ['elevator', 'doorCycles'],
      ['streetlight', 'activeEnergy'],
      ['streetlight', 'operatingHours'],
      ['cabinet', 'energyConsumed'],
      ['door', 'openCount'],
    ] as const
    for (const [type, field] of counters) {
      const values = telemetry(type).map((one) => Number(one.payload[field]))
      expect(values.filter((value, index) => value < (values[index - 1] ?? 0))).toEqual([])
    }
  })

  test('a lift never moves with its door open and never stops between floors', () => {
    const wrong = telemetry('elevator').filter(
      ({ payload }) =>
        (payload.carSpeed !== 0 && payload.carDoorStatus !== 'closed') ||
        (payload.carDriveStatus === 'stationary' && payload.carDoorZone !== true),
    )
    expect(wrong).toEqual([])
    const trips = telemetry('elevator').map((one) => Number(one.payload.tripCount))
    expect((trips.at(-1) ?? 0) - (trips[0] ?? 0)).toBeGreaterThan(500)
  })

  test('a bin fills and is emptied before it is full', () => {
    const levels = telemetry('bin').map((one) => Number(one.payload.fillingLevel))
    expect(Math.max(...levels)).toBeLessThan(0.8)
    expect(
      received.filter((one) => one.type === 'bin' && one.payload.type === 'emptied').length,
    ).toBeGreaterThan(1)
  })

  test('an entrance door opens every day, by day, and closes again soon', () => {
    const messages = telemetry('door')
    const openings = messages.filter((one) => one.payload.contact === false)
    const days = new Set(openings.map((one) => Math.floor((one.at + 8 * 3_600_000) / DAY)))
    expect(days.size).toBeGreaterThanOrEqual(7)
    for (const [index, one] of messages.entries()) {
      const next = messages[index + 1]
      if (one.payload.contact === false && next) {
        expect(next.payload.contact).toBe(true)
        expect(next.at - one.at).toBeLessThan(60_000)
      }
    }
    const hours = openings.map((one) => (new Date(one.at).getUTCHours() + 8) % 24)
    expect(hours.every((hour) => hour >= 6 && hour < 23)).toBe(true)
  })

  test('a movement sensor is active by day and quiet by night', () => {
    const moves = telemetry('motion').filter((one) => one.payload.occupancy === true)
    const hour = (at: number) => (new Date(at).getUTCHours() + 8) % 24
    const night = moves.filter((one) => hour(one.at) < 5).length
    expect(moves.length).toBeGreaterThan(200)
    expect(night).toBeLessThan(moves.length / 4)
  })
})
