/** Every fault alone on one device: the readings it must produce, and ordinary behaviour before and after it. */
import { describe, expect, test } from 'vitest'
import { communityFile } from '../../model/community-file.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import { makeCommunity } from '../demo/community.ts'
import { HOUR, MINUTE } from '../devices/behaviour.ts'
import { type ReceivedMessage, simulateMessages } from '../message-stream.ts'
import { type PlannedFault, placeFault } from '../plan.ts'
import { subjectsOf } from '../subject.ts'
import { effectSpan, type Fault } from './fault.ts'
import { faults } from './table.ts'

type Values = ReceivedMessage['payload']

/** Monday, 21:00 in Shanghai: lamps are lit, residents are up. */
const from = Date.parse('2026-03-02T13:00:00Z')
const community = communityFile.parse(makeCommunity({ everyRoom: true }))
const subjects = subjectsOf(community)
const list = [...faults.values()]

/** A reading of the fault between `span.from` and `span.to`; `elapsed` in ms. */
const readings: Readonly<Record<string, (values: Values, elapsed: number) => boolean>> = {
  entrapment: (v) => v.carDoorZone === false && v.carDoorStatus === 'closed' && v.passengerPresence === true,
  'alarm-button': (v) => v.passengerAlarm === true && v.carDoorStatus === 'closed',
  'moving-door-open': (v) => v.carDoorStatus === 'opened' && v.carSpeed !== 0,
  'entrapment-at-floor': (v) =>
    v.carDoorZone === true && v.carDoorStatus === 'closed' && v.passengerPresence === true,
  'stopped-outside-zone': (v) => v.carDoorZone === false && v.carSpeed === 0 && v.passengerPresence === false,
  'brief-stop': (v) => v.carDoorZone === false && v.carSpeed === 0 && v.passengerPresence === true,
  'inspection-stop': (v) => v.carMode === 'inspection' && v.carDoorZone === false,
  'inspection-run': (v) => v.carMode === 'inspection' && v.carDoorStatus === 'opened' && v.carSpeed !== 0,
  'alarm-joke': (v) => v.passengerAlarm === true && v.carDoorStatus === 'opened',
  'alarm-on-ride': (v) => v.passengerAlarm === true && v.carSpeed !== 0,
  'children-at-door': (v, elapsed) => v.doorReopens === Math.min(3, Math.floor(elapsed / 10_000)),
  'lift-door-held': (v) => v.carDoorStatus === 'opened' && v.passengerPresence === false,
  removal: (v) => v.carDoorStatus === 'opened' && v.passengerPresence === false,
  firefighters: (v) => v.carMode === 'firefighter-control',
  'motor-overheated': (v) => v.motorTemperature === 94,
  'machine-room-hot': (v) => v.machineRoomTemperature === 43.5,
  'lift-promise-broken': (v) => typeof v.estimatedReturn === 'number' && v.carMode === 'out-of-service',
  'lift-out-day': (v) => typeof v.estimatedReturn === 'number' && v.carMode === 'out-of-service',
  'lift-out-long': (v) => v.carMode === 'out-of-service',
  'lamp-dark': (v) => v.powerState === 'off' || Number(v.powerConsumption) < 2,
  'day-burner': (v) => v.powerState === 'on' && Number(v.powerConsumption) >= 60,
  'circuit-test': (v) => v.powerState === 'on' && v.illuminanceLevel === 1,
  'cabinet-by-hand': (v) => v.workingMode === 'manual' && Number(v.activePowerR) > 0.1,
  'lamp-dimmed': (v) => v.powerState === 'off' || v.illuminanceLevel === 0.3,
  'lamp-aged': (v) => Number(v.operatingHours) >= 0.93 * 60_000,
  'lamp-cycling': (v, elapsed) => elapsed % (4 * MINUTE) >= 2 * MINUTE || v.powerState === 'off',
  'stolen-power': (v) => ['R', 'S', 'T'].every((phase) => Number(v[`activePower${phase}`]) >= 0.2),
  'weak-supply': (v) => v.voltageR === 203 && v.voltageT === 203,
  'voltage-dip': (v) => v.voltageR === 205 && v.voltageT === 205,
  'late-switching': (v) => v.powerState === 'off' && v.illuminanceLevel === 0,
  'lamp-stays-off': (v) => v.powerState === 'off' && v.illuminanceLevel === 0,
  'pole-damaged': (v) => v.status === 'columnIssue',
  'bin-full': (v) => v.fillingLevel === 0.97,
  'bin-fire': (v) => Number(v.temperature) >= 30 && Number(v.temperature) <= 95,
  'bin-tipped': (v) => v.position === 'tilt' && v.status === 'dropped',
  'bin-tilted': (v) => v.position === 'tilt' && v.status === 'ok',
  'tilted-for-emptying': (v) => v.position === 'tilt' && v.status === 'ok',
  'lid-open': (v) => v.status === 'lidOpen',
  'lid-open-for-a-while': (v) => v.status === 'lidOpen',
  'level-fault': (v) => v.status === 'unknown' && v.fillingLevel === 0,
  'door-left-open': (v) => v.contact === false,
  'door-open-in-cold': (v) => v.contact === false && v.outdoorTemperature === -3,
  'low-battery': (v) => v.batteryLevel === 0.15,
  'battery-unknown': (v) => v.batteryLevel === -1,
  nonsense: (v) => v.motorTemperature === 65_535 || v.temperature === 65_535,
  smoke: (v) => v.smoke === true && v.test === false,
  'smoke-test': (v) => v.smoke === true && v.test === true,
  'gas-leak': (v) => v.gas === true && Number(v.gas_value) >= 10,
  cooking: (v) => v.gas === false && v.gas_value === 7.5,
  'water-leak': (v) => v.water_leak === true,
  'low-glucose': (v) => v.bloodGlucose === 2.8,
  'high-glucose': (v) => v.bloodGlucose === 15.2,
  fall: (v) => v.occupancy === false,
  'clock-an-hour-ahead': () => true,
  'clock-weeks-behind': () => true,
}

function planOf(fault: Fault): PlannedFault {
  const subject = subjects.find(({ type }) => fault.deviceTypes.includes(type))
  if (!subject) throw new Error(`no device for ${fault.name}`)
  const at = from + HOUR
  return placeFault(fault, subject, { span: { from: at, to: at + fault.duration[0] }, subjects })
}

function simulate(planned: PlannedFault, plan: readonly PlannedFault[], to: number): ReceivedMessage[] {
  const devices = community.devices.filter(({ id }) => planned.devices.includes(id))
  return [...simulateMessages({ community: { ...community, devices }, seed: 'f', plan, from, to })]
}

const telemetryOf = (messages: readonly ReceivedMessage[], device: string) =>
  messages.filter(({ channel, subject }) => channel === 'telemetry' && subject.id === device)

test('every fault is consistent with its own limits', () => {
  for (const fault of list) {
    const [shortest, longest] = fault.duration
    expect(shortest, fault.name).toBeGreaterThan(0)
    expect(longest, fault.name).toBeGreaterThanOrEqual(shortest)
    expect(fault.deviceTypes.filter((type) => !deviceTypes.has(type))).toEqual([])
    // A fault that can never last until its alert is due would never be planned.
    if (!fault.decoy) expect(fault.raiseWithin, fault.name).toBeLessThanOrEqual(longest)
    const changes = [fault.alterTelemetry, fault.override, fault.events, fault.isLost]
    expect(
      changes.some((change) => change !== undefined),
      fault.name,
    ).toBe(true)
  }
})

test('the table of readings names existing faults only', () => {
  expect(Object.keys(readings).filter((name) => !faults.has(name))).toEqual([])
})

describe.each(list.map((fault) => [fault.name, fault] as const))('%s', (_name, fault) => {
  const planned = planOf(fault)
  const effect = effectSpan(fault, planned)
  // Events may precede the span by a minute, as an announced outage does.
  const quietUntil = effect.from - MINUTE

  test('changes nothing before it starts, and something while it lasts', () => {
    const end = effect.to + 20 * MINUTE
    const ordinary = simulate(planned, [], end)
    const messages = simulate(planned, [planned], end)
    const before = ({ receivedAt }: ReceivedMessage) => receivedAt < quietUntil
    expect(messages.filter(before)).toEqual(ordinary.filter(before))
    const visible = !fault.override || fault.alterTelemetry !== undefined || fault.events !== undefined
    if (visible) expect(messages).not.toEqual(ordinary)
  })

  // The lamps of a dead feeder are offline and report nothing.
  if (fault.alterTelemetry && fault.name !== 'circuit-outage')
    test('reports at its start, at its interval and at its end', () => {
      const messages = telemetryOf(simulate(planned, [planned], effect.to), planned.device)
      const times = new Set(messages.map(({ receivedAt }) => receivedAt))
      expect(times).toContain(effect.from)
      expect(times).toContain(effect.to)
      const every = fault.reportEvery ?? Number.POSITIVE_INFINITY
      for (let at = effect.from; at < effect.to; at += every) expect(times).toContain(at)
    })

  const matches = readings[fault.name]
  if (matches)
    test('every reading within its span shows it', () => {
      const settle = fault.name === 'fall' ? 5 * MINUTE : 0
      const during = telemetryOf(simulate(planned, [planned], planned.to), planned.device).filter(
        ({ receivedAt }) => receivedAt >= planned.from + settle && receivedAt < planned.to,
      )
      if (!fault.override) expect(during.length).toBeGreaterThan(0)
      const wrong = during.filter(({ payload, receivedAt }) => !matches(payload, receivedAt - planned.from))
      expect(wrong.map(({ payload }) => payload)).toEqual([])
    })
})

test.each([
  ['clock-an-hour-ahead', HOUR],
  ['clock-weeks-behind', -21 * 24 * HOUR],
])('%s: ts is off by a constant within the span and right afterwards', (name, by) => {
  const planned = planOf(faults.get(name) as Fault)
  const messages = telemetryOf(simulate(planned, [planned], planned.to + HOUR), planned.device)
  for (const { payload, receivedAt } of messages) {
    const isWrong = receivedAt >= planned.from && receivedAt < planned.to
    expect(Date.parse(String(payload.ts)) - receivedAt).toBe(isWrong ? by : 0)
  }
})

test('lossy-line: every fourth seq is missing within the span, none outside it', () => {
  const planned = planOf(faults.get('lossy-line') as Fault)
  const messages = simulate(planned, [planned], planned.to + HOUR).filter(({ payload }) => payload.seq)
  let previous = 0
  for (const { payload, receivedAt } of messages) {
    for (let seq = previous + 1; seq < Number(payload.seq); seq++) {
      expect(seq % 4).toBe(0)
      expect(receivedAt).toBeGreaterThanOrEqual(planned.from)
    }
    if (receivedAt >= planned.from && receivedAt < planned.to) expect(Number(payload.seq) % 4).not.toBe(0)
    previous = Number(payload.seq)
  }
})

test('starts-anew: seq restarts at 1 every three hours without a gap', () => {
  const planned = planOf(faults.get('starts-anew') as Fault)
  const seqs = simulate(planned, [planned], planned.to).flatMap(({ payload }) => payload.seq ?? [])
  let restarts = 0
  for (const [index, seq] of seqs.entries()) {
    if (index > 0 && seq === 1) restarts++
    else if (index > 0) expect(seq).toBe(Number(seqs[index - 1]) + 1)
  }
  expect(restarts).toBe(Math.ceil((planned.to - planned.from) / (3 * HOUR)))
})
