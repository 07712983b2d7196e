import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { parseTopic } from '../model/topics.ts'
import { makeCommunity } from './demo/community.ts'
import { demoPlan } from './demo/plan.ts'
import { DAY, HOUR, MINUTE, SECOND } from './devices/behaviour.ts'
import { faults } from './faults/table.ts'
import { formatGroundTruth, type GroundTruthLine } from './ground-truth.ts'
import { makePlan, type Plan, placeFault, resolveFault } from './plan.ts'
import { recordSimulation } from './record.ts'
import { subjectsOf } from './subject.ts'

/** 22:00 in Shanghai: lamps are lit. */
const from = Date.parse('2026-03-01T14:00:00Z')
const community = communityFile.parse(makeCommunity({ everyRoom: true }))
const subjects = subjectsOf(community)

function planOf(days: number, seed = 'p'): Plan {
  return makePlan({ community, seed, from, to: from + days * DAY, meanGap: HOUR })
}

describe('makePlan', () => {
  const days = 60
  const plan = planOf(days)

  test('the same seed gives the same plan, another seed another one', () => {
    expect(planOf(days)).toEqual(plan)
    expect(planOf(days, 'q')).not.toEqual(plan)
  })

  test('uses every fault, in time order, each detectable before its end and the end of the plan', () => {
    expect(new Set(plan.map((one) => one.fault))).toEqual(new Set(faults.keys()))
    for (const [index, one] of plan.entries()) {
      expect(one.from).toBeGreaterThanOrEqual(plan[index - 1]?.from ?? from)
      expect(one.expectRaisedBy).toBeGreaterThan(one.from)
      expect(one.expectRaisedBy).toBeLessThanOrEqual(one.to)
      expect(one.expectRaisedBy).toBeLessThanOrEqual(from + days * DAY)
    }
  })

  test('no device has two faults at once', () => {
    for (const a of plan)
      for (const b of plan) {
        if (a === b || !a.devices.some((device) => b.devices.includes(device))) continue
        expect(a.to < b.from || b.to < a.from).toBe(true)
      }
  })

  test('rejects an unknown fault by name', () => {
    expect(() =>
      makePlan({ community, seed: 's', from, to: from + DAY, meanGap: HOUR, only: ['earthquake'] }),
    ).toThrow('earthquake')
  })

  test('the ground-truth file has one line per planned fault', () => {
    const lines = formatGroundTruth(plan)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as GroundTruthLine)
    expect(lines).toHaveLength(plan.length)
    for (const [index, line] of lines.entries()) {
      const planned = plan[index]
      expect(line).toMatchObject({ fault: planned?.fault, ref: planned?.ref, device: planned?.device })
      expect(Date.parse(line.from)).toBe(planned?.from)
      expect(Date.parse(line.to)).toBe(planned?.to)
      expect(Date.parse(line.expectRaisedBy)).toBe(planned?.expectRaisedBy)
    }
  })
})

describe('demoPlan', () => {
  const plan = demoPlan(community, { seed: 'demo', from })

  test('has an alert within the first minute and further ones for hours', () => {
    expect(plan.some((one) => one.from >= from + 10 * SECOND && one.from <= from + 20 * SECOND)).toBe(true)
    expect(plan.slice(0, 3).map((one) => one.fault)).toEqual(['bin-fire', 'entrapment', 'circuit-outage'])
    expect(plan.filter((one) => one.from < from + 3 * HOUR).length).toBeGreaterThan(15)
    for (const one of plan) expect(one.to - one.from).toBeLessThanOrEqual(21 * MINUTE)
  })

  test('by day it uses faults that are detectable by day', () => {
    const noon = demoPlan(community, { seed: 'demo', from: from - 10 * HOUR })
    expect(noon.slice(0, 3).map((one) => one.fault)).toEqual(['bin-fire', 'entrapment', 'bin-full'])
  })
})

/** Messages of the devices of one fault, with those before and after it. */
function simulateFault(name: string, duration: number, after = 2 * MINUTE) {
  const fault = faults.get(name)
  const subject = subjects.find((one) => fault?.deviceTypes.includes(one.type))
  if (!fault || !subject) throw new Error(name)
  const span = { from: from + 5 * MINUTE, to: from + 5 * MINUTE + duration }
  const planned = placeFault(fault, subject, { span, subjects })
  const only = { ...community, devices: community.devices.filter((one) => planned.devices.includes(one.id)) }
  const messages = [
    ...recordSimulation({ community: only, seed: 's', plan: [planned], from, to: span.to + after }),
  ].map(({ topic, payload, receivedAt }) => ({ ...parseTopic(topic), payload, at: Date.parse(receivedAt) }))
  const during = messages.filter(({ at }) => at >= span.from && at < span.to)
  const of = (device: string) => during.filter((one) => one.device === device)
  const telemetryOf = (list: typeof during) =>
    list.filter((one) => one.channel === 'telemetry').map((one) => one.payload)
  return { planned, span, messages, during, of, telemetryOf, effect: resolveFault(planned).effect }
}

describe('faults change messages', () => {
  test('entrapment: people board, depart, are stuck during the whole fault and get out', () => {
    const { messages, during, span, telemetryOf } = simulateFault('entrapment', 5 * MINUTE)
    const stuck = telemetryOf(during)
    expect(stuck.length).toBeGreaterThan(50)
    for (const values of stuck)
      expect(values).toMatchObject({
        carMode: 'normal',
        carDriveStatus: 'stationary',
        carDoorZone: false,
        carDoorStatus: 'closed',
        passengerPresence: true,
      })
    const before = messages.filter((one) => one.at >= span.from - 10 * SECOND && one.at < span.from)
    expect(
      before.some(({ payload }) => payload.carDoorStatus === 'opened' && payload.passengerPresence),
    ).toBe(true)
    const out = messages.filter((one) => one.at >= span.to && one.channel === 'telemetry')
    expect(out[0]?.payload).toMatchObject({ carDoorZone: true, carDoorStatus: 'opened' })
    expect(out.some(({ payload }) => payload.carDoorStatus === 'opened' && !payload.passengerPresence)).toBe(
      true,
    )
  })

  test.each<[string, number, (values: Readonly<Record<string, unknown>>) => boolean]>([
    ['alarm-button', MINUTE, (values) => values.passengerAlarm === true],
    [
      'moving-door-open',
      30 * SECOND,
      (values) => values.carDoorStatus === 'opened' && Math.abs(Number(values.carSpeed)) > 0.3,
    ],
    ['lamp-dark', 20 * MINUTE, (values) => values.powerState === 'on' && Number(values.powerConsumption) < 2],
    ['bin-full', HOUR, (values) => Number(values.fillingLevel) >= 0.95],
    ['low-battery', HOUR, (values) => Number(values.batteryLevel) < 0.2],
    ['door-left-open', 15 * MINUTE, (values) => values.contact === false],
    [
      'door-open-in-cold',
      8 * MINUTE,
      (values) => values.contact === false && Number(values.outdoorTemperature) < 5,
    ],
  ])('%s: every reading shows the fault', (name, duration, shows) => {
    const { planned, of, telemetryOf } = simulateFault(name, duration)
    const values = telemetryOf(of(planned.device))
    expect(values.length).toBeGreaterThan(0)
    for (const one of values) expect(shows(one), JSON.stringify(one)).toBe(true)
  })

  test('door-left-open: the door closes at the end and the opening counter continues', () => {
    const { messages, span } = simulateFault('door-left-open', 15 * MINUTE)
    const doors = messages.filter((one) => one.channel === 'telemetry')
    const last = doors.at(-1)
    expect(last?.payload.contact).toBe(true)
    expect(Number(last?.payload.lastOpenDuration)).toBeGreaterThanOrEqual((span.to - span.from) / 1000)
    const counts = doors.map((one) => Number(one.payload.openCount))
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })

  test('bin-fire: 60 degrees within a minute', () => {
    const { span, during } = simulateFault('bin-fire', 5 * MINUTE)
    const hot = during.find(({ payload }) => Number(payload.temperature) >= 60)
    expect((hot?.at ?? Number.POSITIVE_INFINITY) - span.from).toBeLessThanOrEqual(MINUTE)
  })

  test('sos: one event at the start', () => {
    const { during, span } = simulateFault('sos', MINUTE)
    const events = during.filter((one) => one.channel === 'event')
    expect(events).toMatchObject([{ at: span.from, payload: { type: 'sos' } }])
  })

  test('offline: Last Will, then nothing until the reconnect', () => {
    const { during, messages, span } = simulateFault('offline', HOUR)
    expect(during).toMatchObject([{ channel: 'status', payload: { state: 'offline' } }])
    const back = messages.filter((one) => one.at >= span.to)
    expect(back[0]).toMatchObject({ channel: 'status', payload: { state: 'online' } })
    expect(back.some((one) => one.channel === 'telemetry')).toBe(true)
  })

  test('circuit-outage: lamps send a last reading and drop, the cabinet measures no current, all reconnect', () => {
    const { planned, of, messages, span, telemetryOf } = simulateFault('circuit-outage', 20 * MINUTE)
    expect(planned.devices).toHaveLength(9)
    for (const device of planned.devices) {
      const own = of(device)
      if (own[0]?.type === 'cabinet') {
        for (const values of telemetryOf(own))
          expect(values).toMatchObject({ activePowerR: 0, intensityT: 0 })
        continue
      }
      expect(own.at(-1)).toMatchObject({
        channel: 'status',
        payload: { state: 'offline' },
        at: span.from + SECOND,
      })
      expect(telemetryOf(own).at(-1)).toMatchObject({ voltage: 0, powerConsumption: 0 })
      const back = messages.filter((one) => one.device === device && one.at >= span.to)
      expect(back[0]).toMatchObject({ channel: 'status', payload: { state: 'online' } })
    }
  })

  test('no-door-opening: two days without opening or movement, but with heartbeats', () => {
    const { planned, during, of, messages, span } = simulateFault('no-door-opening', 50 * HOUR, DAY)
    expect(planned.devices.length).toBeGreaterThanOrEqual(2)
    const settled = during.filter((one) => one.at > span.from + 6 * MINUTE)
    expect(settled.some((one) => one.payload.contact === false || one.payload.occupancy === true)).toBe(false)
    expect(of(planned.device).length).toBeGreaterThanOrEqual(4)
    const after = messages.filter((one) => one.at >= span.to && one.device === planned.device)
    expect(after.some((one) => one.payload.contact === false)).toBe(true)
  })
})
