/** A rule about something that does not happen, where it is new: it has seen nothing, and that is no absence. */
import { expect, test } from 'vitest'
import type { Entry, Journaled } from '../../model/entry.ts'
import { compiled, device, directoryOf, entryOf, midnight, ruleText, shipped } from '../testing/community.ts'
import { createEngine, type Engine } from './engine.ts'

const directory = directoryOf([
  device('front', 'door', { home: 'h1', meta: { role: 'entrance' } }),
  device('kitchen', 'motion', { home: 'h1', meta: { room: 'kitchen' } }),
  device('lift', 'elevator'),
])
const former = compiled([ruleText({ condition: { predicate: { when: 'temperature > 900.0' } } })])
/** About what does not happen. */
const added = shipped(
  'no-entrance-opening',
  'unusual-silence',
  'no-kitchen-activity',
  'activity-drop',
  'not-been-out',
  'test-call-overdue',
)

/** An ordinary day: up at 7, lunch at noon, out at 15 h, asleep from 22 h; sensors are heard all the time. */
function* hourOf(hour: number): Generator<Entry> {
  for (let minute = 0; minute < 60; minute += 1)
    yield { kind: 'tick', receivedAt: midnight + hour * 3_600_000 + minute * 60_000 }
  const at = `${hour}h 59m 30s`
  yield entryOf({ device: 'lift', at, values: { carMode: 'normal' } }, directory)
  yield entryOf({ device: 'front', at, values: { batteryLevel: 0.5 } }, directory)
  const isUp = hour % 24 >= 7 && hour % 24 < 22
  yield entryOf({ device: 'kitchen', at, values: { occupancy: isUp && hour % 2 === 0 } }, directory)
  if (hour % 24 !== 15) return
  for (const contact of [false, true, false, true])
    yield entryOf(
      { device: 'front', at: `${hour}h 59m 4${Number(contact)}s`, values: { contact } },
      directory,
    )
}

/** What the added rules tell within `hours`, when they are added to a hub that runs for ten days already. */
function added10DaysLater(hours: number, isQuiet = false): string[] {
  const before = createEngine({ rules: former, directory })
  let seq = 0
  const hear = (engine: Engine, entry: Entry) => {
    seq += 1
    return engine.apply({ ...entry, seq } as Journaled)
  }
  for (let hour = 0; hour < 240; hour += 1) for (const entry of hourOf(hour)) hear(before, entry)
  const after = createEngine({ rules: added, directory })
  after.restore(rowsOf(before), seq)
  const told: string[] = []
  for (let hour = 240; hour < 240 + hours; hour += 1)
    for (const entry of hourOf(hour)) {
      if (isQuiet && entry.kind === 'telemetry' && !('batteryLevel' in entry.values)) continue
      told.push(...hear(after, entry).map(({ change, rule }) => `${change} ${rule} ${hour}`))
    }
  return told
}

const rowsOf = (engine: Engine) =>
  new Map([...engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]])))

test('a new rule raises nothing for the time before it existed', () => {
  expect(added10DaysLater(48)).toEqual([])
})

test('and counts from when it was added', () => {
  expect(added10DaysLater(49, true)).toContain('began no-entrance-opening 287')
})

test('also when the hub starts again and again before there is any evidence', () => {
  const rules = shipped('no-entrance-opening')
  let engine = createEngine({ rules: former, directory })
  let seq = 0
  const rows = new Map<string, string>()
  const told: string[] = []
  for (let hour = 0; hour < 100; hour += 1) {
    for (const entry of hourOf(hour)) {
      if (hour >= 24 && entry.kind === 'telemetry' && !('batteryLevel' in entry.values)) continue
      seq += 1
      told.push(
        ...engine.apply({ ...entry, seq } as Journaled).map(({ change, at }) => `${change} ${at - midnight}`),
      )
    }
    for (const [key, row] of engine.snapshot()) {
      if (row === null) rows.delete(key)
      else rows.set(key, row)
    }
    engine = createEngine({ rules, directory })
    engine.restore(rows, seq)
  }
  // Added at the end of the first hour, opened at 15:59:41.
  expect(told).toEqual([`began ${(63 * 3600 + 59 * 60 + 41) * 1000}`])
})
