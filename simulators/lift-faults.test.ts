/** Faults and look-alikes of lifts are believable: only allowed values, people leave through doors, who is out stands still. */
import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { fieldFault } from '../model/device-type.ts'
import { elevator } from '../model/devices/elevator.ts'
import { parseTopic } from '../model/topics.ts'
import { makeCommunity } from './demo/community.ts'
import { DAY, HOUR, MINUTE } from './devices/behaviour.ts'
import { faults } from './faults/table.ts'
import { placeFault } from './plan.ts'
import { recordSimulation } from './record.ts'
import { subjectsOf } from './subject.ts'

/** Monday, eight in the morning in Shanghai: the lift is busy. */
const from = Date.parse('2026-03-02T00:00:00Z')
const whole = communityFile.parse(makeCommunity())
const community = { ...whole, devices: whole.devices.filter(({ type }) => type === 'elevator').slice(0, 1) }
const subjects = subjectsOf(community)
const names = [...faults.values()].filter(({ ref }) => /^E\d/.test(ref)).map(({ name }) => name)

interface Said {
  readonly at: number
  readonly channel: string
  readonly payload: Readonly<Record<string, unknown>>
}

interface Lived {
  readonly said: readonly Said[]
  readonly readings: readonly Said[]
  readonly begins: number
  readonly ends: number
}

/** The lift for an hour before the fault, through it at its shortest, and an hour after it. */
function live(name: string): Lived {
  const fault = faults.get(name)
  const [lift] = subjects
  if (!fault || !lift) throw new Error(name)
  const begins = from + HOUR
  const ends = begins + fault.duration[0]
  const planned = placeFault(fault, lift, { span: { from: begins, to: ends }, subjects })
  const said = [...recordSimulation({ community, seed: 's', plan: [planned], from, to: ends + HOUR })].map(
    ({ topic, payload, receivedAt }) => ({
      at: Date.parse(receivedAt),
      channel: parseTopic(topic)?.channel ?? '',
      payload: payload as Said['payload'],
    }),
  )
  return { said, readings: said.filter(({ channel }) => channel === 'telemetry'), begins, ends }
}

const lives: ReadonlyMap<string, Lived> = new Map(names.map((name) => [name, live(name)]))
function lived(name: string): Lived {
  const life = lives.get(name)
  if (!life) throw new Error(name)
  return life
}

test('every lift rule has its fault, and every one that people could mistake its look-alike', () => {
  const refs = (decoys: boolean) =>
    new Set([...faults.values()].filter(({ decoy }) => (decoy ?? false) === decoys).map(({ ref }) => ref))
  const all = Array.from({ length: 15 }, (_, index) => `E${index + 1}`)
  expect(all.filter((ref) => !refs(false).has(ref))).toEqual([])
  // An empty car between floors is the look-alike of people trapped there, and the other way round.
  expect(all.filter((ref) => !refs(true).has(ref))).toEqual(['E4'])
})

describe.each(names)('%s', (name) => {
  const { said, readings, begins, ends } = lived(name)

  test('says only what a lift may say', () => {
    const wrong = readings.flatMap(({ payload }) =>
      Object.entries(payload).flatMap(([key, value]) => {
        if (key === 'ts' || key === 'seq') return []
        const field = elevator.telemetry[key as keyof typeof elevator.telemetry]
        const fault = field ? fieldFault(field, value) : 'unknown'
        return fault ? [`${key} ${JSON.stringify(value)} ${fault}`] : []
      }),
    )
    expect(wrong).toEqual([])
    const words = said.filter(({ channel }) => channel === 'event').map(({ payload }) => String(payload.type))
    expect(words.filter((word) => !(word in elevator.events))).toEqual([])
  })

  test('is seen: what is said differs from an ordinary day', () => {
    const during = (list: readonly Said[]) =>
      list
        .filter(({ at }) => at >= begins && at < ends)
        .map(({ at, channel, payload }) => {
          const { seq: _, ...values } = payload
          return [at, channel, values]
        })
    const ordinary = [...recordSimulation({ community, seed: 's', plan: [], from, to: ends })].map(
      ({ topic, payload, receivedAt }): Said => ({
        at: Date.parse(receivedAt),
        channel: parseTopic(topic)?.channel ?? '',
        payload: payload as Said['payload'],
      }),
    )
    expect(during(said)).not.toEqual(during(ordinary))
  })

  test('people get in and out through an open door only', () => {
    const vanished = readings.filter(({ payload }, index) => {
      const before = readings[index - 1]?.payload
      if (!before || before.passengerPresence === payload.passengerPresence) return false
      return before.carDoorStatus === 'closed' && payload.carDoorStatus === 'closed'
    })
    expect(vanished.map(({ at }) => new Date(at).toISOString())).toEqual([])
  })
})

describe('a lift that is out of service', () => {
  test.each(['lift-out-long', 'chronic-lift', 'planned-outages'])('%s: carries nobody', (name) => {
    const { said, readings } = lived(name)
    const out = readings.filter(({ payload }) => payload.carMode === 'out-of-service')
    expect(out.length).toBeGreaterThan(100)
    const outages = Map.groupBy(out, ({ at }) => Math.floor((at - (out[0]?.at ?? 0)) / (32 * HOUR)))
    for (const readingsOfOne of outages.values()) {
      const settled = readingsOfOne.filter(({ at }) => at > (readingsOfOne[0]?.at ?? 0) + 2 * MINUTE)
      expect(new Set(settled.map(({ payload }) => payload.tripCount)).size).toBe(1)
    }
    const words = said.filter(({ channel }) => channel === 'event').map(({ payload }) => payload.type)
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
    lived(name)
      .said.filter(({ payload }) => payload.type === 'test-call')
      .map(({ at }) => at)
  const longest = (times: readonly number[]): number =>
    Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)))

  test('one a day, and none while the line is dead', () => {
    const usual = calls('chronic-lift')
    expect(usual.length).toBeGreaterThanOrEqual(5)
    expect(longest(usual)).toBeLessThan(1.1 * DAY)
    const { begins, ends } = lived('no-test-call')
    expect(calls('no-test-call').filter((at) => at >= begins && at < ends)).toEqual([])
  })
  test('two that fail are no three days without one', () => {
    expect(longest(calls('late-test-call'))).toBeLessThan(72 * HOUR)
  })
})

test('a controller that is started again counts from 0, and only then', () => {
  const fallen = (name: string) => {
    const counts = lived(name).readings.map(({ payload }) => Number(payload.tripCount))
    return counts.filter((count, index) => count < (counts[index - 1] ?? 0))
  }
  expect(fallen('lift-restarted')).toEqual([0])
  for (const name of names) if (name !== 'lift-restarted') expect(fallen(name)).toEqual([])
})
