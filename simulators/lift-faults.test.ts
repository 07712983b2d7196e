/** Faults and decoys of lifts are plausible: valid values, passengers use open doors, lifts out of service do not move. */
import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { fieldProblem } from '../model/device-type.ts'
import { elevator } from '../model/devices/elevator.ts'
import { parseTopic } from '../model/topics.ts'
import { makeCommunity } from './demo/community.ts'
import { DAY, HOUR, MINUTE } from './devices/behaviour.ts'
import { faults } from './faults/table.ts'
import { placeFault } from './plan.ts'
import { recordSimulation } from './record.ts'
import { subjectsOf } from './subject.ts'

/** Monday, 08:00 in Shanghai: the lift is busy. */
const from = Date.parse('2026-03-02T00:00:00Z')
const whole = communityFile.parse(makeCommunity())
const community = { ...whole, devices: whole.devices.filter(({ type }) => type === 'elevator').slice(0, 1) }
const subjects = subjectsOf(community)
const names = [...faults.values()].filter(({ ref }) => /^E\d/.test(ref)).map(({ name }) => name)

interface Received {
  readonly at: number
  readonly channel: string
  readonly payload: Readonly<Record<string, unknown>>
}

interface FaultRun {
  readonly messages: readonly Received[]
  readonly readings: readonly Received[]
  readonly begins: number
  readonly ends: number
}

/** The lift for an hour before the fault, through it at its shortest, and an hour after it. */
function simulateFault(name: string): FaultRun {
  const fault = faults.get(name)
  const [lift] = subjects
  if (!fault || !lift) throw new Error(name)
  const begins = from + HOUR
  const ends = begins + fault.duration[0]
  const planned = placeFault(fault, lift, { span: { from: begins, to: ends }, subjects })
  const messages = [
    ...recordSimulation({ community, seed: 's', plan: [planned], from, to: ends + HOUR }),
  ].map(({ topic, payload, receivedAt }) => ({
    at: Date.parse(receivedAt),
    channel: parseTopic(topic)?.channel ?? '',
    payload: payload as Received['payload'],
  }))
  return { messages, readings: messages.filter(({ channel }) => channel === 'telemetry'), begins, ends }
}

const runs: ReadonlyMap<string, FaultRun> = new Map(names.map((name) => [name, simulateFault(name)]))
function runOf(name: string): FaultRun {
  const run = runs.get(name)
  if (!run) throw new Error(name)
  return run
}

test('every lift rule has a fault and, except E4, a decoy', () => {
  const refs = (decoys: boolean) =>
    new Set([...faults.values()].filter(({ decoy }) => (decoy ?? false) === decoys).map(({ ref }) => ref))
  const all = Array.from({ length: 15 }, (_, index) => `E${index + 1}`)
  expect(all.filter((ref) => !refs(false).has(ref))).toEqual([])
  // An empty car between floors is the decoy of E1, and the other way round.
  expect(all.filter((ref) => !refs(true).has(ref))).toEqual(['E4'])
})

describe.each(names)('%s', (name) => {
  const { messages, readings, begins, ends } = runOf(name)

  test('sends only valid values and events', () => {
    const wrong = readings.flatMap(({ payload }) =>
      Object.entries(payload).flatMap(([key, value]) => {
        if (key === 'ts' || key === 'seq') return []
        const field = elevator.telemetry[key as keyof typeof elevator.telemetry]
        const fault = field ? fieldProblem(field, value) : 'unknown'
        return fault ? [`${key} ${JSON.stringify(value)} ${fault}`] : []
      }),
    )
    expect(wrong).toEqual([])
    const words = messages
      .filter(({ channel }) => channel === 'event')
      .map(({ payload }) => String(payload.type))
    expect(words.filter((word) => !(word in elevator.events))).toEqual([])
  })

  test('changes the messages of an ordinary day', () => {
    const during = (list: readonly Received[]) =>
      list
        .filter(({ at }) => at >= begins && at < ends)
        .map(({ at, channel, payload }) => {
          const { seq: _, ...values } = payload
          return [at, channel, values]
        })
    const ordinary = [...recordSimulation({ community, seed: 's', plan: [], from, to: ends })].map(
      ({ topic, payload, receivedAt }): Received => ({
        at: Date.parse(receivedAt),
        channel: parseTopic(topic)?.channel ?? '',
        payload: payload as Received['payload'],
      }),
    )
    expect(during(messages)).not.toEqual(during(ordinary))
  })

  test('passengers enter and leave through an open door only', () => {
    const throughClosedDoor = readings.filter(({ payload }, index) => {
      const before = readings[index - 1]?.payload
      if (!before || before.passengerPresence === payload.passengerPresence) return false
      return before.carDoorStatus === 'closed' && payload.carDoorStatus === 'closed'
    })
    expect(throughClosedDoor.map(({ at }) => new Date(at).toISOString())).toEqual([])
  })
})

describe('a lift that is out of service', () => {
  test.each(['lift-out-long', 'chronic-lift', 'planned-outages'])('%s: carries nobody', (name) => {
    const { messages, readings } = runOf(name)
    const out = readings.filter(({ payload }) => payload.carMode === 'out-of-service')
    expect(out.length).toBeGreaterThan(100)
    const outages = Map.groupBy(out, ({ at }) => Math.floor((at - (out[0]?.at ?? 0)) / (32 * HOUR)))
    for (const readingsOfOne of outages.values()) {
      const settled = readingsOfOne.filter(({ at }) => at > (readingsOfOne[0]?.at ?? 0) + 2 * MINUTE)
      expect(new Set(settled.map(({ payload }) => payload.tripCount)).size).toBe(1)
    }
    const words = messages.filter(({ channel }) => channel === 'event').map(({ payload }) => payload.type)
    const begun = words.filter((word) => word === 'out-of-service' || word === 'planned-outage')
    expect(begun.length).toBe(name === 'lift-out-long' ? 1 : 4)
    expect(words.filter((word) => word === 'back-in-service')).toHaveLength(begun.length)
    expect(new Set(begun)).toEqual(
      new Set([name === 'planned-outages' ? 'planned-outage' : 'out-of-service']),
    )
  })
})

describe('test calls', () => {
  const calls = (name: string): number[] =>
    runOf(name)
      .messages.filter(({ payload }) => payload.type === 'test-call')
      .map(({ at }) => at)
  const longest = (times: readonly number[]): number =>
    Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)))

  test('one a day, and none while the alarm line is dead', () => {
    const usual = calls('chronic-lift')
    expect(usual.length).toBeGreaterThanOrEqual(5)
    expect(longest(usual)).toBeLessThan(1.1 * DAY)
    const { begins, ends } = runOf('no-test-call')
    expect(calls('no-test-call').filter((at) => at >= begins && at < ends)).toEqual([])
  })
  test('two failed calls leave less than 72 h without one', () => {
    expect(longest(calls('late-test-call'))).toBeLessThan(72 * HOUR)
  })
})

test('counters restart at 0 only when the controller restarts', () => {
  const decreases = (name: string) => {
    const counts = runOf(name).readings.map(({ payload }) => Number(payload.tripCount))
    return counts.filter((count, index) => count < (counts[index - 1] ?? 0))
  }
  expect(decreases('lift-restarted')).toEqual([0])
  for (const name of names) if (name !== 'lift-restarted') expect(decreases(name)).toEqual([])
})
