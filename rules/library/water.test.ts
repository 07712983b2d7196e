/** A water meter as second evidence for H1: water use shows a person, water that runs by itself does not (domain.md 5). */
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
  /** Hours between two readings. */
  readonly step?: number
  /** The last reading is before this hour. */
  readonly meterUntil?: number
}

/** The door closes at 8 h of the first day and reports only its battery afterwards; litres by hour. */
function changesOf(
  litresAt: (hour: number) => number,
  { step = 0.5, meterUntil = end }: Reading = {},
): string[] {
  const messages: StoryMessage[] = [
    { device: 'front', at: hours(8), values: { contact: false } },
    { device: 'front', at: hours(8.01), values: { contact: true } },
  ]
  for (let hour = 8; hour < end; hour += step) {
    if (hour < meterUntil)
      messages.push({ device: 'meter', at: hours(hour + 0.02), values: { waterConsumption: litresAt(hour) } })
    if (hour % 4 === 0)
      messages.push({ device: 'front', at: hours(hour + 0.03), values: { batteryLevel: 0.9 } })
  }
  const home = story(shipped('no-entrance-opening', 'not-been-out'), directory)
    .say(...messages)
    .tick(`${end}h`, 600)
  expect(home.engine.stats().failures).toEqual([])
  return home.findings.map(({ change, rule, at: when }) => {
    const hour = Math.round(((when - midnight) / HOUR) * 10) / 10
    return `${change} ${rule} ${hour}`
  })
}

/** 20 L every morning and evening until an hour, half of it in each of two readings. */
const daily =
  (last = Number.POSITIVE_INFINITY) =>
  (hour: number) => {
    const day = Math.floor(Math.min(hour, last) / 24)
    const local = Math.min(hour, last) - day * 24
    const [morning, evening] = [7, 19].map((from) => Math.min(20, Math.max(0, (local - from) * 20)))
    return 1000 + day * 40 + (morning ?? 0) + (evening ?? 0)
  }

test('raises not-been-out instead of H1 while water is used', () => {
  expect(changesOf(daily())).toEqual(['began not-been-out 56'])
})

test('raises H1 after 12 h without water use and 48 h without opening', () => {
  expect(changesOf(daily(32.5))).toEqual(['began no-entrance-opening 56'])
})

test.each([
  ['drips', (hour: number) => 1000 + Math.floor(hour / 2)],
  ['runs a little, in whole litres', (hour: number) => 1000 + Math.floor(3 * hour)],
  ['runs full from 30 h on', (hour: number) => daily(20)(hour) + 60 * Math.max(0, hour - 30)],
  ['refills a leaking cistern every hour and a half', (hour: number) => 1000 + 4 * Math.floor(hour / 1.5)],
])('does not count water that %s as activity', (_, litresAt) => {
  expect(changesOf(litresAt)).toEqual(['began no-entrance-opening 56'])
})

test('does not wait for the door when only the meter is offline, which has its own link', () => {
  const day = 24
  const messages: StoryMessage[] = []
  for (let hour = 0; hour < 12 * day; hour += 0.5) {
    if (hour % day === 8 && hour < 11 * day)
      messages.push(
        { device: 'front', at: hours(hour), values: { contact: false } },
        { device: 'front', at: hours(hour + 0.01), values: { contact: true } },
      )
    if (hour % day === 6) messages.push({ device: 'front', at: hours(hour), values: { batteryLevel: 0.9 } })
    const litres = 1000 + Math.floor(hour / day) * 40
    if (hour < 11 * day)
      messages.push({ device: 'meter', at: hours(hour + 0.1), values: { waterConsumption: litres } })
  }
  const home = story(shipped('no-entrance-opening'), directory).say(...messages)
  home.say({ device: 'front', at: hours(12 * day + 6), values: { batteryLevel: 0.9 } })
  expect(home.tick(`${12 * day + 9}h`, 50).emitted()).toEqual([
    `began no-entrance-opening@${(12 * day + 8.01) * 3600}`,
  ])
})

test('ignores water used at an unknown time in the last 10 h', () => {
  expect(changesOf((hour) => (hour < 48 ? 1000 : 1020), { step: 10 })).toEqual([
    'began no-entrance-opening 56',
  ])
})

test('evaluates the door alone when the meter is offline', () => {
  expect(changesOf(daily(), { meterUntil: 34 })).toEqual(['began no-entrance-opening 56'])
})
