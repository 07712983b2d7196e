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
const said = [...simulateMessages({ community, seed: 'd', plan: [], from, to })]
const everybody = new Set(community.devices.map(({ id }) => id))

function on(
  name: string,
  span: { from: number; to: number } = { from, to },
  devices = everybody,
): PlannedDisturbance {
  const disturbance = disturbances.get(name)
  if (!disturbance) throw new Error(name)
  return { disturbance, devices, ...span }
}

const heardWith = (...planned: readonly PlannedDisturbance[]): ReceivedMessage[] => [
  ...deliver(said, { planned, seed: 'd' }),
]
const key = ({ subject, payload, channel }: ReceivedMessage): string =>
  `${subject.id} ${channel} ${payload.seq ?? payload.state ?? ''}`
const timeOf = ({ payload }: ReceivedMessage): number => Date.parse(String(payload.ts))
const lag = (one: ReceivedMessage): number => one.receivedAt - timeOf(one)

/** Longest time by which a later message of the same device was heard before an earlier one. */
function overtaken(heard: readonly ReceivedMessage[]): number {
  const newest = new Map<string, number>()
  let most = 0
  for (const one of heard) {
    if (typeof one.payload.seq !== 'number') continue
    const known = newest.get(one.subject.id) ?? 0
    most = Math.max(most, known - timeOf(one))
    newest.set(one.subject.id, Math.max(known, timeOf(one)))
  }
  return most
}

describe('delivery', () => {
  test('without disturbances nothing changes', () => expect(heardWith()).toEqual(said))

  test('whatever is on, it is sorted, bounded by what each may do, and the same again for the same seed', () => {
    const anything = fc.array(
      fc.record({
        name: fc.constantFrom(...disturbances.keys()),
        begins: fc.integer({ min: 0, max: 110 }),
        lasts: fc.integer({ min: 1, max: 60 }),
        device: fc.constantFrom(...everybody),
      }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(anything, (list) => {
        const planned = list.map(({ name, begins, lasts, device }) => {
          const begin = from + begins * MINUTE
          return on(name, { from: begin, to: begin + lasts * MINUTE }, new Set([device]))
        })
        const heard = heardWith(...planned)
        for (const [index, one] of heard.entries())
          expect(one.receivedAt).toBeGreaterThanOrEqual(heard[index - 1]?.receivedAt ?? 0)
        const touched = new Set(planned.flatMap(({ devices }) => [...devices]))
        const quiet = ({ subject }: ReceivedMessage): boolean => !touched.has(subject.id)
        expect(heard.filter(quiet)).toEqual(said.filter(quiet))
        expect(heardWith(...planned)).toEqual(heard)
      }),
      { numRuns: 40 },
    )
  })

  test('doubled: everything arrives, some of it twice, within a minute', () => {
    const heard = heardWith(on('duplicated'))
    const counts = new Map<string, number>()
    for (const one of heard) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1)
    expect(new Set(heard.map(key))).toEqual(new Set(said.map(key)))
    expect(heard.length).toBeGreaterThan(said.length * 1.02)
    expect(Math.max(...counts.values())).toBe(2)
    for (const one of heard)
      if (one.channel !== 'status' || one.payload.ts) expect(lag(one)).toBeLessThanOrEqual(MINUTE)
  })

  test('reordered: nothing is lost, some are overtaken, none by 5 min', () => {
    const heard = heardWith(on('reordered'))
    expect(heard).toHaveLength(said.length)
    expect(new Set(heard.map(key))).toEqual(new Set(said.map(key)))
    expect(overtaken(heard)).toBeGreaterThan(2 * MINUTE)
    expect(overtaken(heard)).toBeLessThan(5 * MINUTE)
  })

  test('batches: every three minutes a burst, in order', () => {
    const heard = heardWith(on('gateway-batches'))
    expect(heard).toHaveLength(said.length)
    for (const one of heard) expect(one.receivedAt % (3 * MINUTE)).toBe(0)
    expect(overtaken(heard)).toBe(0)
  })

  test('back-fill: silence, then all of it in order', () => {
    const span = { from: from + 10 * MINUTE, to: from + 90 * MINUTE }
    const heard = heardWith(on('gateway-back-fills', span))
    expect(heard.some(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)).toBe(false)
    expect(heard).toHaveLength(said.length)
    expect(Math.max(...heard.map(lag))).toBeGreaterThan(75 * MINUTE)
  })

  test.each([
    ['clock-ahead', -90 * SECOND],
    ['clock-behind', 20 * MINUTE],
  ])('%s: each stamp is off by as much', (name, by) => {
    const heard = heardWith(on(name))
    for (const one of heard) expect(lag(one)).toBe(by)
  })

  test('a clock that was never set counts from 1970', () => {
    for (const one of heardWith(on('clock-unset'))) expect(timeOf(one)).toBeLessThan(3 * HOUR)
  })

  test('a deaf hub hears nothing, then who is connected comes back, and most of what was kept', () => {
    const span = { from: from + 30 * MINUTE, to: from + 40 * MINUTE }
    const heard = heardWith(on('hub-outage', span))
    expect(heard.some(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)).toBe(false)
    const back = heard.filter(({ channel, receivedAt }) => channel === 'status' && receivedAt === span.to)
    expect(new Set(back.map(({ subject }) => subject.id))).toEqual(everybody)
    const meant = said.filter(({ receivedAt }) => receivedAt >= span.from && receivedAt < span.to)
    const kept = heard.filter(
      (one) => timeOf(one) >= span.from && timeOf(one) < span.to && one.channel === 'telemetry',
    )
    expect(kept.length / meant.length).toBeGreaterThan(0.75)
    expect(kept.length / meant.length).toBeLessThan(1)
  })

  test('what is said to a hub that is back waits behind what was kept for it', () => {
    const span = { from: from + 30 * MINUTE, to: from + 40 * MINUTE }
    const heard = heardWith(on('hub-outage', span))
    expect(overtaken(heard)).toBe(0)
    const later = said.filter(({ receivedAt }) => receivedAt >= span.to)
    const keys = new Set(heard.map(key))
    for (const one of later) expect(keys).toContain(key(one))
  })
})
