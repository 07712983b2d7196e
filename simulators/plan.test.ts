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

/** Ten in the evening in Shanghai: lamps burn. */
const from = Date.parse('2026-03-01T14:00:00Z')
const community = communityFile.parse(makeCommunity({ everyRoom: true }))
const subjects = subjectsOf(community)

function planOf(days: number, seed = 'p'): Plan {
  return makePlan({ community, seed, from, to: from + days * DAY, meanGap: HOUR })
}

describe('makePlan', () => {
  const days = 60
  const plan = planOf(days)

  test('the same seed plans the same, another something else', () => {
    expect(planOf(days)).toEqual(plan)
    expect(planOf(days, 'q')).not.toEqual(plan)
  })

  test('uses every fault, in time order, each noticed before it ends and before the plan does', () => {
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

  test('an unknown fault is refused by name', () => {
    expect(() =>
      makePlan({ community, seed: 's', from, to: from + DAY, meanGap: HOUR, only: ['earthquake'] }),
    ).toThrow('earthquake')
  })

  test('the truth file says the plan, line by line', () => {
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

  test('something must be noticed within the first minute, and something goes on for hours', () => {
    expect(plan.some((one) => one.from >= from + 10 * SECOND && one.from <= from + 20 * SECOND)).toBe(true)
    expect(plan.slice(0, 3).map((one) => one.fault)).toEqual(['bin-fire', 'entrapment', 'circuit-outage'])
    expect(plan.filter((one) => one.from < from + 3 * HOUR).length).toBeGreaterThan(15)
    for (const one of plan) expect(one.to - one.from).toBeLessThanOrEqual(21 * MINUTE)
  })

  test('by day it shows what can be seen by day', () => {
    const noon = demoPlan(community, { seed: 'demo', from: from - 10 * HOUR })
    expect(noon.slice(0, 3).map((one) => one.fault)).toEqual(['bin-fire', 'entrapment', 'bin-full'])
  })
})

/** Telemetry and events of the devices of one fault placed by hand, with what came before and after. */
function lived(name: string, lasts: number, after = 2 * MINUTE) {
  const fault = faults.get(name)
  const subject = subjects.find((one) => fault?.deviceTypes.includes(one.type))
  if (!fault || !subject) throw new Error(name)
  const span = { from: from + 5 * MINUTE, to: from + 5 * MINUTE + lasts }
  const planned = placeFault(fault, subject, { span, subjects })
  const only = { ...community, devices: community.devices.filter((one) => planned.devices.includes(one.id)) }
  const messages = [
    ...recordSimulation({ community: only, seed: 's', plan: [planned], from, to: span.to + after }),
  ].map(({ topic, payload, receivedAt }) => ({ ...parseTopic(topic), payload, at: Date.parse(receivedAt) }))
  const during = messages.filter(({ at }) => at >= span.from && at < span.to)
  const of = (device: string) => during.filter((one) => one.device === device)
  const spoken = (list: typeof during) =>
    list.filter((one) => one.channel === 'telemetry').map((one) => one.payload)
  return { planned, span, messages, during, of, spoken, effect: resolveFault(planned).effect }
}

describe('faults are visible', () => {
  test('entrapment: in, away, stuck for all of the time, out', () => {
    const { messages, during, span, spoken } = lived('entrapment', 5 * MINUTE)
    const stuck = spoken(during)
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
  ])('%s: every message says so', (name, lasts, says) => {
    const { planned, of, spoken } = lived(name, lasts)
    const values = spoken(of(planned.device))
    expect(values.length).toBeGreaterThan(0)
    for (const one of values) expect(says(one), JSON.stringify(one)).toBe(true)
  })

  test('door-left-open: it closes in the end and the count goes on', () => {
    const { messages, span } = lived('door-left-open', 15 * MINUTE)
    const doors = messages.filter((one) => one.channel === 'telemetry')
    const last = doors.at(-1)
    expect(last?.payload.contact).toBe(true)
    expect(Number(last?.payload.lastOpenDuration)).toBeGreaterThanOrEqual((span.to - span.from) / 1000)
    const counts = doors.map((one) => Number(one.payload.openCount))
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })

  test('bin-fire: 60 degrees within a minute', () => {
    const { span, during } = lived('bin-fire', 5 * MINUTE)
    const hot = during.find(({ payload }) => Number(payload.temperature) >= 60)
    expect((hot?.at ?? Number.POSITIVE_INFINITY) - span.from).toBeLessThanOrEqual(MINUTE)
  })

  test('sos: one event at the time', () => {
    const { during, span } = lived('sos', MINUTE)
    const events = during.filter((one) => one.channel === 'event')
    expect(events).toMatchObject([{ at: span.from, payload: { type: 'sos' } }])
  })

  test('offline: the will is spoken, then nothing until it is back', () => {
    const { during, messages, span } = lived('offline', HOUR)
    expect(during).toMatchObject([{ channel: 'status', payload: { state: 'offline' } }])
    const back = messages.filter((one) => one.at >= span.to)
    expect(back[0]).toMatchObject({ channel: 'status', payload: { state: 'online' } })
    expect(back.some((one) => one.channel === 'telemetry')).toBe(true)
  })

  test('circuit-outage: the lamps gasp and go, the cabinet sees no current, all come back', () => {
    const { planned, of, messages, span, spoken } = lived('circuit-outage', 20 * MINUTE)
    expect(planned.devices).toHaveLength(9)
    for (const device of planned.devices) {
      const own = of(device)
      if (own[0]?.type === 'cabinet') {
        for (const values of spoken(own)) expect(values).toMatchObject({ activePowerR: 0, intensityT: 0 })
        continue
      }
      expect(own.at(-1)).toMatchObject({
        channel: 'status',
        payload: { state: 'offline' },
        at: span.from + SECOND,
      })
      expect(spoken(own).at(-1)).toMatchObject({ voltage: 0, powerConsumption: 0 })
      const back = messages.filter((one) => one.device === device && one.at >= span.to)
      expect(back[0]).toMatchObject({ channel: 'status', payload: { state: 'online' } })
    }
  })

  test('no-door-opening: two days without an opening or a move, but signs of life', () => {
    const { planned, during, of, messages, span } = lived('no-door-opening', 50 * HOUR, DAY)
    expect(planned.devices.length).toBeGreaterThanOrEqual(2)
    const settled = during.filter((one) => one.at > span.from + 6 * MINUTE)
    expect(settled.some((one) => one.payload.contact === false || one.payload.occupancy === true)).toBe(false)
    expect(of(planned.device).length).toBeGreaterThanOrEqual(4)
    const after = messages.filter((one) => one.at >= span.to && one.device === planned.device)
    expect(after.some((one) => one.payload.contact === false)).toBe(true)
  })
})
