import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { deliver, type PlannedDisturbance } from './delivery.ts'
import { makeCommunity } from './demo/community.ts'
import { HOUR, MINUTE, SECOND } from './devices/behaviour.ts'
import { disturbances } from './disturbances/table.ts'
import { type ReceivedMessage, simulateMessages } from './message-stream.ts'

const from = Date.parse('2026-03-01T04:00:00Z')
const to = from + 2 * HOUR
const whole = communityFile.parse(makeCommunity({ sites: 1, gridsPerSite: 1 }))
const community = {
  ...whole,
  devices: whole.devices.filter(({ type }) => type === 'elevator' || type === 'door'),
}
const sent = [...simulateMessages({ community, seed: 'd', plan: [], from, to })]
const allDevices = new Set(community.devices.map(({ id }) => id))

function plannedOn(
  name: string,
  span: { from: number; to: number } = { from, to },
  devices = allDevices,
): PlannedDisturbance {
  const disturbance = disturbances.get(name)
  if (!disturbance) throw new Error(name)
  return { disturbance, devices, ...span }
}

const deliverWith = (...planned: readonly PlannedDisturbance[]): ReceivedMessage[] => [
  ...deliver(sent, { planned, seed: 'd' }),
]
const key = ({ subject, payload, channel }: ReceivedMessage): string =>
  `${subject.id} ${channel} ${payload.seq ?? payload.state ?? ''}`
const timeOf = ({ payload }: ReceivedMessage): number => Date.parse(String(payload.ts))
const lag = (one: ReceivedMessage): number => one.receivedAt - timeOf(one)

/** Largest time by which a message was overtaken by a later one of its device. */
function overtaken(received: readonly ReceivedMessage[]): number {
  const newest = new Map<string, number>()
  let most = 0
  for (const one of received) {
    if (typeof one.payload.seq !== 'number') continue
    const known = newest.get(one.subject.id) ?? 0
    most = Math.max(most, known - timeOf(one))
    newest.set(one.subject.id, Math.max(known, timeOf(one)))
  }
  return most
}

describe('delivery', () => {
  test('without disturbances messages are unchanged', () => expect(deliverWith()).toEqual(sent))

  test('any disturbances: sorted by arrival, other devices unchanged, reproducible by seed', () => {
    const anything = fc.array(
      fc.record({
        name: fc.constantFrom(...disturbances.keys()),
        begins: fc.integer({ min: 0, max: 110 }),
        minutes: fc.integer({ min: 1, max: 60 }),
        device: fc.constantFrom(...allDevices),
      }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(anything, (list) => {
        const planned = list.map(({ name, begins, minutes, device }) => {
          const begin = from + begins * MINUTE
          return plannedOn(name, { from: begin, to: begin + minutes * MINUTE }, new Set([device]))
        })
        const received = deliverWith(...planned)
        for (const [index, one] of received.entries())
          expect(one.receivedAt).toBeGreaterThanOrEqual(received[index - 1]?.receivedAt ?? 0)
        const touched = new Set(planned.flatMap(({ devices }) => [...devices]))
        const quiet = ({ subject }: ReceivedMessage): boolean => !touched.has(subject.id)
        expect(received.filter(quiet)).toEqual(sent.filter(quiet))
        expect(deliverWith(...planned)).toEqual(received)
      }),
      { numRuns: 40 },
    )
  })

  test('duplicated: everything arrives, some messages twice within a minute', () => {
    const received = deliverWith(plannedOn('duplicated'))
    const counts = new Map<string, number>()
    for (const one of received) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1)
    expect(new Set(received.map(key))).toEqual(new Set(sent.map(key)))
    expect(received.length).toBeGreaterThan(sent.length * 1.02)
    expect(Math.max(...counts.values())).toBe(2)
    for (const one of received)
      if (one.channel !== 'status' || one.payload.ts) expect(lag(one)).toBeLessThanOrEqual(MINUTE)
  })

  test('reordered: nothing is lost, overtaking stays below 5 min', () => {
    const received = deliverWith(plannedOn('reordered'))
    expect(received).toHaveLength(sent.length)
    expect(new Set(received.map(key))).toEqual(new Set(sent.map(key)))
    expect(overtaken(received)).toBeGreaterThan(2 * MINUTE)
    expect(overtaken(received)).toBeLessThan(5 * MINUTE)
  })

  test('gateway-batches: one batch every three minutes, in order', () => {
    const received = deliverWith(plannedOn('gateway-batches'))
    expect(received).toHaveLength(sent.length)
    for (const one of received) expect(one.receivedAt % (3 * MINUTE)).toBe(0)
    expect(overtaken(received)).toBe(0)
  })

  test('gateway-back-fills: silence, then everything in order', () => {
    const span = { from: from + 10 * MINUTE, to: from + 90 * MINUTE }
    const received = deliverWith(plannedOn('gateway-back-fills', span))
    expect(received.some(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)).toBe(false)
    expect(received).toHaveLength(sent.length)
    expect(Math.max(...received.map(lag))).toBeGreaterThan(75 * MINUTE)
  })

  test.each([
    ['clock-ahead', -90 * SECOND],
    ['clock-behind', 20 * MINUTE],
  ])('%s: every ts has the same error', (name, by) => {
    const received = deliverWith(plannedOn(name))
    for (const one of received) expect(lag(one)).toBe(by)
  })

  test('clock-unset: ts counts from 1970', () => {
    for (const one of deliverWith(plannedOn('clock-unset'))) expect(timeOf(one)).toBeLessThan(3 * HOUR)
  })

  test('hub-outage: nothing is received, then devices reconnect and most buffered messages arrive', () => {
    const span = { from: from + 30 * MINUTE, to: from + 40 * MINUTE }
    const received = deliverWith(plannedOn('hub-outage', span))
    expect(received.some(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)).toBe(false)
    const back = received.filter(({ channel, receivedAt }) => channel === 'status' && receivedAt === span.to)
    expect(new Set(back.map(({ subject }) => subject.id))).toEqual(allDevices)
    const during = sent.filter(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)
    const buffered = received.filter(
      (one) => timeOf(one) >= span.from && timeOf(one) < span.to && one.channel === 'telemetry',
    )
    expect(buffered.length / during.length).toBeGreaterThan(0.75)
    expect(buffered.length / during.length).toBeLessThan(1)
  })

  test('hub-outage: new messages do not overtake buffered ones', () => {
    const span = { from: from + 30 * MINUTE, to: from + 40 * MINUTE }
    const received = deliverWith(plannedOn('hub-outage', span))
    expect(overtaken(received)).toBe(0)
    const later = sent.filter(({ receivedAt }) => receivedAt >= span.to)
    const keys = new Set(received.map(key))
    for (const one of later) expect(keys).toContain(key(one))
  })
})
