/** A water meter as second evidence for H1: who draws water is at home and up; what runs by itself shows nobody (domain.md 5). */
import { expect, test } from 'vitest'
import { device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

const HOUR = 3_600_000
const end = 72
const directory = directoryOf([
  device('front', 'door', { home: 'h1', meta: { role: 'entrance' } }),
  device('meter', 'watermeter', { home: 'h1' }),
])
const hours = (value: number): string => `${Math.round(value * HOUR)}ms`

interface Reading {
  /** Hours between two of them. */
  readonly step?: number
  /** The last is before this hour. */
  readonly meterUntil?: number
}

/** The door is shut at 8 h of the first day and tells its battery since; litres by hour. */
function told(litresAt: (hour: number) => number, { step = 0.5, meterUntil = end }: Reading = {}): string[] {
  const said: StoryMessage[] = [
    { device: 'front', at: hours(8), values: { contact: false } },
    { device: 'front', at: hours(8.01), values: { contact: true } },
  ]
  for (let hour = 8; hour < end; hour += step) {
    if (hour < meterUntil)
      said.push({ device: 'meter', at: hours(hour + 0.02), values: { waterConsumption: litresAt(hour) } })
    if (hour % 4 === 0) said.push({ device: 'front', at: hours(hour + 0.03), values: { batteryLevel: 0.9 } })
  }
  const home = story(shipped('no-entrance-opening', 'not-been-out'), directory)
    .say(...said)
    .tick(`${end}h`, 600)
  expect(home.engine.stats().failures).toEqual([])
  return home.findings.map(({ change, rule, at: when }) => {
    const hour = Math.round(((when - midnight) / HOUR) * 10) / 10
    return `${change} ${rule} ${hour}`
  })
}

/** 20 L in the morning and in the evening of each day up to an hour, half of it in each of two readings. */
const daily =
  (last = Number.POSITIVE_INFINITY) =>
  (hour: number) => {
    const day = Math.floor(Math.min(hour, last) / 24)
    const local = Math.min(hour, last) - day * 24
    const [morning, evening] = [7, 19].map((from) => Math.min(20, Math.max(0, (local - from) * 20)))
    return 1000 + day * 40 + (morning ?? 0) + (evening ?? 0)
  }

test('who draws water is not missed, and it is told that nobody has been out', () => {
  expect(told(daily())).toEqual(['began not-been-out 56'])
})

test('when no more is drawn for 12 h and the door stayed shut for 48 h somebody is missed', () => {
  expect(told(daily(32.5))).toEqual(['began no-entrance-opening 56'])
})

test.each([
  ['drips', (hour: number) => 1000 + Math.floor(hour / 2)],
  ['runs a little, in whole litres', (hour: number) => 1000 + Math.floor(3 * hour)],
  ['runs full from 30 h on', (hour: number) => daily(20)(hour) + 60 * Math.max(0, hour - 30)],
  ['refills a leaking cistern every hour and a half', (hour: number) => 1000 + 4 * Math.floor(hour / 1.5)],
])('water that %s is no sign of anybody', (_, litresAt) => {
  expect(told(litresAt)).toEqual(['began no-entrance-opening 56'])
})

test('a meter that died has a line of its own: the door that speaks once a day is not waited for', () => {
  const day = 24
  const said: StoryMessage[] = []
  for (let hour = 0; hour < 12 * day; hour += 0.5) {
    if (hour % day === 8 && hour < 11 * day)
      said.push(
        { device: 'front', at: hours(hour), values: { contact: false } },
        { device: 'front', at: hours(hour + 0.01), values: { contact: true } },
      )
    if (hour % day === 6) said.push({ device: 'front', at: hours(hour), values: { batteryLevel: 0.9 } })
    const litres = 1000 + Math.floor(hour / day) * 40
    if (hour < 11 * day)
      said.push({ device: 'meter', at: hours(hour + 0.1), values: { waterConsumption: litres } })
  }
  const home = story(shipped('no-entrance-opening'), directory).say(...said)
  home.say({ device: 'front', at: hours(12 * day + 6), values: { batteryLevel: 0.9 } })
  expect(home.tick(`${12 * day + 9}h`, 50).emitted()).toEqual([
    `began no-entrance-opening@${(12 * day + 8.01) * 3600}`,
  ])
})

test('water that ran some time in the last 10 hours shows nothing, because nobody knows when', () => {
  expect(told((hour) => (hour < 48 ? 1000 : 1020), { step: 10 })).toEqual(['began no-entrance-opening 56'])
})

test('a meter that fell silent leaves the watch to the door', () => {
  expect(told(daily(), { meterUntil: 34 })).toEqual(['began no-entrance-opening 56'])
})
