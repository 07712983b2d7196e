/** Promises 2-4 for conditions about a home: any order within 5 min, duplicates and restarts give the same episodes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../../model/device-type.ts'
import type { DeviceEntry, Entry, Journaled } from '../../../model/entry.ts'
import type { Finding } from '../../../model/finding.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { libraryFolder, readRuleFolder } from '../../library/read.ts'
import { compiled, device, directoryOf, midnight } from '../../testing/community.ts'

const ids = [
  'unusual-silence',
  'not-back-home',
  'night-exit',
  'night-wandering',
  'night-exit-not-back',
  'long-bathroom-stay',
  'out-of-bed',
  'no-kitchen-activity',
  'activity-drop',
  'not-been-out',
]
const HOUR = 3_600_000
const directory = directoryOf(
  [
    device('front', 'door', { home: 'h1', meta: { role: 'entrance' } }),
    device('hall', 'motion', { home: 'h1', meta: { role: 'movement', room: 'hall' } }),
    device('bath', 'motion', { home: 'h1', meta: { role: 'movement', room: 'bathroom' } }),
    device('kitchen', 'motion', { home: 'h1', meta: { role: 'movement', room: 'kitchen' } }),
    device('bed', 'motion', { home: 'h1', meta: { role: 'bed' } }),
    device('bed2', 'motion', { home: 'h1', meta: { role: 'bed' } }),
  ],
  { h1: { away: [{ from: midnight + 40 * HOUR, to: midnight + 44 * HOUR }] } },
)

const withoutAlive = (text: string) => text.replace(/^ {2,4}alive: .*\n/gm, '')

/** Rules with limits that fit a short story; `alive: false` drops what depends on the hub clock (when a device was last seen). */
function rulesWith({ alive }: { alive: boolean }) {
  const short: readonly (readonly [string, string])[] = [
    ['  limit: 48h', '  limit: 5h'],
    ['  activity: 12h', '  activity: 2h'],
    ['  fallback: 12h', '  fallback: 2h'],
    ['  learnDays: 14', '  learnDays: 2'],
    ['  limit: 12h', '  limit: 90m'],
    ['  least: 10', '  least: 3'],
    ['  lowDays: 3', '  lowDays: 1'],
    ['  from: 8', '  from: 2'],
    ['  to: 12', '  to: 5'],
  ]
  const files = readRuleFolder(libraryFolder)
    .filter(({ text }) => ids.includes(text.match(/^id: (.+)$/m)?.[1] ?? ''))
    .map(({ source, text }) => ({
      source,
      text: short.reduce(
        (shortened, [from, to]) => shortened.replaceAll(from, to),
        alive ? text : withoutAlive(text),
      ),
    }))
  return compiled(files)
}
const rulesInEventTime = rulesWith({ alive: false })
const allRules = rulesWith({ alive: true })

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const partial = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<FieldValues>
const message = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      device: oneOf('front'),
      kind: oneOf('telemetry' as const),
      values: partial({ contact: fc.boolean(), openCount: oneOf(1, 2, 3) }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      device: oneOf('hall', 'bath', 'bath', 'kitchen', 'bed', 'bed2'),
      kind: oneOf('telemetry' as const),
      values: partial({ occupancy: fc.boolean(), batteryLevel: oneOf(0.5, 0.6) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      device: oneOf('hall'),
      kind: oneOf('event' as const),
      values: oneOf({ type: 'sos' }),
    }),
  },
)
const step = fc.record({
  message,
  pause: oneOf(0, 1, 20, 60, 240, 600, 1200, 3000, 7200, 20_000, 40_000),
  // A duplicate arrives 1.5 s later, still within 5 min.
  delay: fc.integer({ min: 0, max: 298 }),
  twice: fc.boolean(),
})
const steps = fc.array(step, { minLength: 2, maxLength: 70, size: 'max' })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function entriesOf(story: readonly Step[], disturbed: boolean): Journaled[] {
  let ts = midnight + 1000
  const received: (DeviceEntry & { order: number })[] = []
  story.forEach(({ message: one, pause, delay, twice }, order) => {
    ts += pause * 1000
    const type = directory.device(one.device)?.type ?? ''
    const receivedAt = ts + (disturbed ? delay * 1000 : 0)
    const entry = {
      ...one,
      site: 'north',
      type,
      ts,
      receivedAt,
      quality: 'live' as const,
      messageSeq: order,
      order,
    }
    received.push(entry)
    if (disturbed && twice) received.push({ ...entry, receivedAt: receivedAt + 1500 })
  })
  received.sort((a, b) => a.receivedAt - b.receivedAt || a.order - b.order)
  return withTicks(received, ts + 8 * HOUR)
}

function withTicks(received: readonly (DeviceEntry & { order: number })[], end: number): Journaled[] {
  const all: Entry[] = [{ kind: 'tick', receivedAt: midnight }]
  let tick = midnight
  const tickTo = (time: number): void => {
    for (; tick + 50_000 <= time; tick += 50_000) all.push({ kind: 'tick', receivedAt: tick + 50_000 })
  }
  for (const { order: _, ...entry } of received) {
    tickTo(entry.receivedAt)
    all.push(entry)
  }
  tickTo(end)
  return all.map((entry, index) => ({ ...entry, seq: index + 1 }) as Journaled)
}

function findingsOf(entries: readonly Journaled[]): Finding[] {
  const engine = createEngine({ rules: rulesInEventTime, directory })
  const found = entries.flatMap((entry) => engine.apply(entry))
  expect(engine.stats().failures).toEqual([])
  return found
}

/** Final state of the episodes: `rule started raised cleared`. */
function episodesOf(findings: readonly Finding[]): string[] {
  const open = new Map<string, { rule: string; started: number; raised: number; cleared: number | null }>()
  for (const { episode: id, change, at, ended, rule, startedAt, raisedAt } of findings) {
    const known = open.get(id)
    if (change === 'began') open.set(id, { rule, started: startedAt, raised: at, cleared: null })
    else if (change === 'retracted') open.delete(id)
    else if (known && change !== 'severity')
      open.set(id, { rule, started: startedAt, raised: raisedAt, cleared: ended ? at : null })
  }
  const relative = (time: number | null) => (time === null ? '-' : String((time - midnight) / 1000))
  return [...open.values()]
    .map(({ rule, started, raised, cleared }) =>
      [rule, ...[started, raised, cleared].map(relative)].join(' '),
    )
    .sort((a, b) => (a < b ? -1 : 1))
}

/** Raise with LINLI_PROPERTY_RUNS for a long search. */
const runs = Math.ceil(Number(process.env.LINLI_PROPERTY_RUNS ?? 300) / 3)

describe('conditions about a home', () => {
  test('any order within 5 min and duplicates give the same episodes', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const expected = episodesOf(findingsOf(entriesOf(story, false)))
        expect(episodesOf(findingsOf(entriesOf(story, true)))).toEqual(expected)
      }),
      { numRuns: runs, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })

  test('restarts from snapshots change nothing', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(3000), { minLength: 1, maxLength: 5 }), (story, cuts) => {
        const entries = entriesOf(story, true)
        const uninterrupted = createEngine({ rules: allRules, directory })
        const expected = entries.flatMap((entry) => uninterrupted.apply(entry))
        const rows = new Map<string, string>()
        const found: Finding[] = []
        let engine = createEngine({ rules: allRules, directory })
        entries.forEach((entry, index) => {
          found.push(...engine.apply(entry))
          if (!cuts.includes(index)) return
          for (const [key, value] of engine.snapshot()) {
            if (value === null) rows.delete(key)
            else rows.set(key, value)
          }
          engine = createEngine({ rules: allRules, directory })
          engine.restore(rows)
        })
        expect(found).toEqual(expected)
      }),
      { numRuns: runs, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })

  test('the stories raise alerts of every rule', () => {
    const seen = new Set<string>()
    for (const story of fc.sample(steps, { numRuns: 200, seed: 7 }))
      for (const { rule } of findingsOf(entriesOf(story, true))) seen.add(rule)
    expect(seen).toEqual(new Set(ids))
  })
})
