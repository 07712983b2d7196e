/** Promises 2-4 as properties: order, duplicates and restarts change neither the number nor the times of episodes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import type { DeviceEntry, Entry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { libraryFolder, readRuleFolder } from '../library/read.ts'
import { compiled, device, directoryOf, midnight } from '../testing/community.ts'
import { createEngine, type Engine } from './engine.ts'

const lamp = (id: string) => device(id, 'streetlight', { circuit: 'c1', meta: { powerRating: 60 } })
const directory = directoryOf([
  device('lift1', 'elevator'),
  device('bin1', 'bin'),
  ...['l1', 'l2', 'l3'].map(lamp),
  device('front', 'door', { home: 'h1', meta: { role: 'entrance' } }),
  device('hall', 'motion', { home: 'h1' }),
  device('smoke1', 'smoke', { home: 'h1' }),
  device('kiosk1', 'kiosk', { home: 'h1' }),
])

/** Without what is decided by the hub's own clock (who was heard when), and with limits that fit a short story. */
function inEventTime(): CompiledRules {
  const files = readRuleFolder(libraryFolder).map(({ source, text }) => ({
    source,
    text: text
      .replace("    silent: { for: $silent, when: \"powerState in ['on', 'low']\" }\n", '')
      .replace('    alive: $alive\n', '')
      .replace(/^ {2}alive: .*\n/gm, '')
      .replace('limit: 48h', 'limit: 12m')
      .replace('activity: 12h', 'activity: 4m')
      .replace('warmUp: 5m', 'warmUp: 1m')
      .replaceAll('confirm: 10m', 'confirm: 3m'),
  }))
  const rules = compiled(files)
  return { ...rules, list: rules.list.filter(({ condition }) => condition.clock === 'device') }
}
const whole = compiled(readRuleFolder(libraryFolder))
const eventTime = inEventTime()

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const partial = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<FieldValues>

interface Word {
  readonly device: string
  readonly kind: 'telemetry' | 'event'
  readonly values: FieldValues
}
const says = (ids: readonly string[], values: fc.Arbitrary<FieldValues>, kind: Word['kind'] = 'telemetry') =>
  fc.record({ device: oneOf(...ids), kind: fc.constant(kind), values })

const lift = partial({
  carMode: oneOf('normal', 'normal', 'normal', 'inspection'),
  carDriveStatus: oneOf('stationary', 'stationary', 'rated-speed'),
  carDoorZone: oneOf(false, false, true),
  carDoorStatus: oneOf('closed', 'closed', 'opened'),
  passengerPresence: oneOf(true, true, false),
  passengerAlarm: oneOf(false, false, true),
  carSpeed: oneOf(0, 0.5),
})
const word = fc.oneof(
  { weight: 4, arbitrary: says(['lift1'], lift) },
  {
    weight: 2,
    arbitrary: says(
      ['bin1'],
      partial({
        fillingLevel: oneOf(0.1, 0.78, 0.85, 0.97, 0.92),
        temperature: oneOf(20, 31, 45, 62),
        batteryLevel: oneOf(0.5, 0.15, 0.05, -1, 0.22),
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: says(
      ['l1', 'l2', 'l3'],
      partial({ powerState: oneOf('on', 'on', 'on', 'off'), powerConsumption: oneOf(1, 1, 58) }),
    ),
  },
  { weight: 1, arbitrary: says(['front'], partial({ contact: fc.boolean(), openCount: oneOf(1, 2, 3) })) },
  {
    weight: 1,
    arbitrary: says(['smoke1'], partial({ smoke: fc.boolean(), test: oneOf(false, false, true) })),
  },
  {
    weight: 1,
    arbitrary: says(
      ['kiosk1'],
      partial({ bloodGlucose: oneOf(2.8, 3.5, 6, 15), systolicBloodPressure: oneOf(120, 185) }),
    ),
  },
  { weight: 1, arbitrary: says(['hall'], partial({ occupancy: fc.boolean() })) },
  { weight: 1, arbitrary: says(['hall'], fc.constant({ type: 'sos' }), 'event') },
)

/** Rules that such stories make speak. */
const brief = [
  ...['battery-low', 'bin-fire', 'bin-full', 'blood-pressure-high', 'circuit-outage', 'door-held-open'],
  ...[
    'entrance-left-open',
    'entrapment-at-floor',
    'entrapment-between-floors',
    'glucose-high',
    'glucose-low',
  ],
  ...['lamp-dark', 'lift-alarm-button', 'moving-with-door-open', 'night-exit', 'night-wandering'],
  ...['no-entrance-opening', 'smoke-alarm', 'sos-button', 'stopped-outside-zone'],
]

/** A story: words with the pause (s) before each, the delay (s) of each on its way, and which come twice. */
const step = fc.record({
  word,
  pause: oneOf(0, 1, 5, 10, 20, 45, 60, 120),
  // What comes twice comes 1.5 s later, and that too within 5 min.
  delay: fc.integer({ min: 0, max: 298 }),
  twice: fc.boolean(),
})
const steps = fc.array(step, { minLength: 2, maxLength: 60, size: 'max' })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const start = midnight + 1000

function entriesOf(
  story: readonly Step[],
  { delayed, doubled }: { delayed: boolean; doubled: boolean },
): Entry[] {
  let ts = start
  const heard: (DeviceEntry & { order: number })[] = []
  story.forEach(({ word: one, pause, delay, twice }, order) => {
    ts += pause * 1000
    const entry = {
      ...one,
      site: 'north',
      type: directory.device(one.device)?.type ?? '',
      ts,
      receivedAt: ts + (delayed ? delay * 1000 : 0),
      quality: 'live' as const,
      messageSeq: order,
      order,
    }
    heard.push(entry)
    if (doubled && twice) heard.push({ ...entry, receivedAt: entry.receivedAt + 1500 })
  })
  heard.sort((a, b) => a.receivedAt - b.receivedAt || a.order - b.order)
  const end = ts + 2 * 3_600_000
  return withTicks(
    heard.map(({ order: _, ...entry }) => entry),
    end,
  )
}

function withTicks(entries: readonly DeviceEntry[], end: number): Entry[] {
  const all: Entry[] = [{ kind: 'tick', receivedAt: midnight }]
  let tick = midnight
  const tickTo = (time: number): void => {
    while (tick + 10_000 <= time) {
      tick += 10_000
      all.push({ kind: 'tick', receivedAt: tick })
    }
  }
  for (const entry of entries) {
    tickTo(entry.receivedAt)
    all.push(entry)
  }
  tickTo(end)
  return all
}

const number = (entries: readonly Entry[]): Journaled[] =>
  entries.map((entry, index) => ({ ...entry, seq: index + 1 }) as Journaled)

function findingsOf(rules: CompiledRules, entries: readonly Entry[]): Finding[] {
  const engine = createEngine({ rules, directory })
  const found = number(entries).flatMap((entry) => engine.apply(entry))
  expect(engine.stats().failures).toEqual([])
  return found
}

const alphabetical = (a: string, b: string): number => (a < b ? -1 : 1)

/** What is true in the end: `rule subject started raised cleared severity`. */
function episodesOf(findings: readonly Finding[]): string[] {
  const open = new Map<
    string,
    { text: string; started: number; raised: number; cleared: number | null; severity: string }
  >()
  for (const finding of findings) {
    const { episode: id, change, at, ended, startedAt, severity } = finding
    const known = open.get(id)
    if (change === 'began') {
      const text = `${finding.rule} ${finding.subject ?? finding.device}`
      open.set(id, { text, started: startedAt, raised: at, cleared: null, severity })
    } else if (change === 'retracted') open.delete(id)
    else if (known) {
      known.started = startedAt
      known.raised = finding.raisedAt
      known.severity = severity
      if (ended && change !== 'severity') known.cleared = at
      else if (change === 'corrected') known.cleared = null
    }
  }
  const relative = (time: number | null): string => (time === null ? '-' : String((time - start) / 1000))
  return [...open.values()]
    .map(
      ({ text, started, raised, cleared, severity }) =>
        `${text} ${relative(started)} ${relative(raised)} ${relative(cleared)} ${severity}`,
    )
    .sort(alphabetical)
}

/** Raise with LINLI_PROPERTY_RUNS for a long search. */
const runs = Number(process.env.LINLI_PROPERTY_RUNS ?? 300)

describe('any order of arrival within 5 min', () => {
  test('gives the same episodes as the right order', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const right = episodesOf(findingsOf(eventTime, entriesOf(story, { delayed: false, doubled: false })))
        const late = episodesOf(findingsOf(eventTime, entriesOf(story, { delayed: true, doubled: true })))
        expect(late).toEqual(right)
      }),
      { numRuns: runs },
    )
  })

  test('duplicates of messages in order change nothing at all', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const once = findingsOf(eventTime, entriesOf(story, { delayed: false, doubled: false }))
        const twice = findingsOf(eventTime, entriesOf(story, { delayed: false, doubled: true }))
        const plain = (findings: readonly Finding[]) => findings.map(({ seq: _, index: __, ...rest }) => rest)
        expect(plain(twice)).toEqual(plain(once))
      }),
      { numRuns: runs },
    )
  })

  test('the generated logs raise alerts of every rule that can raise within an hour', () => {
    const seen = new Set<string>()
    for (const story of fc.sample(steps, { numRuns: 400, seed: 7 })) {
      for (const { rule } of findingsOf(eventTime, entriesOf(story, { delayed: true, doubled: false })))
        seen.add(rule)
    }
    // Those of weeks and seasons have properties of their own.
    expect(brief.filter((rule) => !seen.has(rule))).toEqual([])
  })
})

describe('restart', () => {
  test('from snapshots at any point gives the same findings as no restart', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(400), { minLength: 1, maxLength: 6 }), (story, cuts) => {
        const entries = number(entriesOf(story, { delayed: true, doubled: true }))
        const straight = createEngine({ rules: whole, directory })
        const wanted = entries.flatMap((entry) => straight.apply(entry))
        const rows = new Map<string, string>()
        let engine = createEngine({ rules: whole, directory })
        const got: Finding[] = []
        entries.forEach((entry, index) => {
          got.push(...engine.apply(entry))
          if (!cuts.includes(index)) return
          for (const [key, value] of engine.snapshot()) {
            if (value === null) rows.delete(key)
            else rows.set(key, value)
          }
          engine = createEngine({ rules: whole, directory })
          engine.restore(rows)
        })
        expect(got).toEqual(wanted)
      }),
      { numRuns: Math.ceil(runs / 3), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })
  test('a snapshot is as of one instant, however long writing takes', () => {
    fc.assert(
      fc.property(steps, fc.nat(300), fc.nat(40), (story, cut, pace) => {
        const entries = number(entriesOf(story, { delayed: true, doubled: true }))
        const engines = [0, 1].map(() => createEngine({ rules: whole, directory }))
        const [waiting, going] = engines as [Engine, Engine]
        for (const entry of entries.slice(0, cut)) for (const engine of engines) engine.apply(entry)
        const rows = new Map<string, string | null>()
        const left = going.snapshotRows()[Symbol.iterator]()
        const takeRow = (): boolean => {
          const next = left.next()
          if (!next.done) rows.set(...next.value)
          return !next.done
        }
        entries.slice(cut).forEach((entry, index) => {
          going.apply(entry)
          if (index % (pace + 1) === pace) takeRow()
        })
        while (takeRow());
        expect(rows).toEqual(waiting.snapshot())
      }),
      { numRuns: Math.ceil(runs / 3), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })
  test('crashes at any point, with older snapshots and published findings dropped, publish each finding once', () => {
    const points = fc.array(fc.record({ at: fc.nat(400), crash: fc.boolean() }), {
      minLength: 2,
      maxLength: 8,
    })
    fc.assert(
      fc.property(steps, points, (story, cuts) => {
        const entries = number(entriesOf(story, { delayed: true, doubled: true }))
        const straight = createEngine({ rules: whole, directory })
        const wanted = entries.flatMap((entry) => straight.apply(entry))
        const rows = new Map<string, string>()
        const got: Finding[] = []
        let engine = createEngine({ rules: whole, directory })
        let saved = 0
        let told = 0
        const left = cuts.filter(({ at }) => at < entries.length)
        for (let index = 0; index < entries.length; index += 1) {
          const entry = entries[index] as Journaled
          got.push(...engine.apply(entry).filter(({ seq }) => seq > told))
          told = Math.max(told, entry.seq)
          const cut = left.findIndex(({ at }) => at === index)
          if (cut < 0) continue
          const [point] = left.splice(cut, 1)
          if (point?.crash) {
            engine = createEngine({ rules: whole, directory })
            engine.restore(rows, told)
            index = saved - 1
            continue
          }
          for (const [key, value] of engine.snapshot()) {
            if (value === null) rows.delete(key)
            else rows.set(key, value)
          }
          saved = index + 1
        }
        expect(got).toEqual(wanted)
      }),
      { numRuns: Math.ceil(runs / 3), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
  })
})
