/** A snapshot in the former format, written by the version before the renames, against one of this version. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type Story, story } from '../../testing/community.ts'
import formerRows from './format-1.json' with { type: 'json' }
import { migrateState, shapeOfCell } from './migration.ts'

const forecast = { field: 'fillingLevel', reaches: 0.9, within: '12h', least: { readings: 3, for: '1h' } }
const rules = () =>
  compiled([
    ruleText({
      id: 'full-soon',
      condition: { any: { of: [{ forecast }, { predicate: { when: 'temperature > 60.0', for: '2m' } }] } },
    }),
    ruleText({
      id: 'no-activity',
      kind: 'welfare',
      applies: { types: ['door', 'motion'], of: 'home' },
      condition: { absence: { evidence: 'changed(contact) || occupancy', for: '6h', alive: '2h' } },
    }),
    ruleText({
      id: 'quiet',
      kind: 'device',
      applies: { types: '*' },
      condition: { silence: { mains: '2h', battery: '2h' } },
    }),
  ])

const newStory = () =>
  story(
    rules(),
    directoryOf([
      device('bin', 'bin'),
      device('door', 'door', { home: 'h1' }),
      device('room', 'motion', { home: 'h1' }),
    ]),
  )

const bin = (at: string, seq: number, fillingLevel: number, temperature: number) => ({
  device: 'bin',
  at,
  seq,
  values: { fillingLevel, temperature },
})
const door = (at: string, contact: boolean) => ({ device: 'door', at, values: { contact } })
const room = (at: string, occupancy: boolean) => ({ device: 'room', at, values: { occupancy } })

/** What the former version was given before it wrote its snapshot. */
function untilSnapshot(told: Story): void {
  told.say({ device: 'door', at: '1m', kind: 'meta', values: { room: 'hall' } })
  told.say(door('2m', false), room('3m', true))
  for (let minute = 0; minute <= 90; minute += 10) {
    const at = (second: number): string => `${5 + minute}m ${second}s`
    told.tick(`${5 + minute}m`, 60)
    told.say(
      bin(at(1), minute / 10 + 1, 0.3 + minute / 1000, 20),
      door(at(2), true),
      room(at(3), minute === 30),
    )
  }
  told.say(bin('96m', 11, 0.4, 70), bin('98m 10s', 12, 0.4, 71), bin('98m 40s', 13, 0.9, 71))
}

/** Late readings go back into the ring that was saved; then everything that is open ends, and silence begins. */
function afterSnapshot(rows: ReadonlyMap<string, string>): Story {
  const told = newStory()
  told.engine.restore(rows)
  told.say(
    { ...bin('97m', 14, 0.4, 20), receivedAt: '98m 50s' },
    { ...room('95m 1s', false), receivedAt: '98m 51s' },
  )
  told.say(bin('99m', 15, 0.1, 20), door('100m', true)).tick('6h', 60)
  told.say(door('6h 1m', true), room('6h 1m', false)).tick('10h', 60)
  return told
}

function snapshotOf({ engine }: Story): Map<string, string> {
  return new Map([...engine.snapshot()].filter((row): row is [string, string] => row[1] !== null))
}

const former = new Map(Object.entries(formerRows).map(([key, row]) => [key, JSON.stringify(row)]))

test('a snapshot in the former format gives the same findings as one in the present format', () => {
  const told = newStory()
  untilSnapshot(told)
  const present = afterSnapshot(snapshotOf(told))
  expect(present.emitted()).toMatchInlineSnapshot(`
    [
      "began quiet@13131",
      "began quiet@13140",
      "began quiet@13200",
      "ended quiet@21660",
      "ended quiet@21660",
      "began no-activity@23703",
      "began quiet@28860",
      "began quiet@28860",
    ]
  `)
  expect(afterSnapshot(former).findings).toEqual(present.findings)
})

test('a snapshot in the former format is written anew as a whole, in the present format', () => {
  const told = newStory()
  untilSnapshot(told)
  const restored = newStory()
  restored.engine.restore(former)
  const rows = snapshotOf(restored)
  expect(new Set(rows.keys())).toEqual(new Set(former.keys()))
  for (const [key, text] of snapshotOf(told)) {
    if (key !== 'engine') expect(JSON.parse(rows.get(key) as string), key).toEqual(JSON.parse(text))
  }
  expect(JSON.parse(rows.get('engine') as string)).toMatchObject({ format: 2 })
})

test('a snapshot in the present format comes back unchanged, and nothing is written again', () => {
  const told = newStory()
  untilSnapshot(told)
  const rows = snapshotOf(told)
  const restored = newStory()
  restored.engine.restore(rows)
  expect(restored.engine.snapshot()).toEqual(new Map())
  expect(afterSnapshot(rows).emitted()).toEqual(afterSnapshot(former).emitted())
})

test('states of nested conditions are renamed by their own kinds, figures of reasons are left alone', () => {
  const cell =
    'full-soon/completes,all(forecast(field=fillingLevel),not(count),any(forecast(field=distance)))'
  const state = {
    parts: [
      { at: [1], every: 2, phase: { startedAt: 1, detail: { at: 3 } } },
      null,
      { parts: [{ at: [4], every: 5 }], phase: { startedAt: 1, detail: { every: 3 } } },
    ],
  }
  expect(migrateState(state, shapeOfCell(cell))).toEqual({
    nested: [
      { times: [1], spacing: 2, phase: { startedAt: 1, detail: { at: 3 } } },
      null,
      { nested: [{ times: [4], spacing: 5 }], phase: { startedAt: 1, detail: { every: 3 } } },
    ],
  })
})

test('episodes and signals have no condition', () => {
  expect(shapeOfCell('rule/predicate!')).toBeUndefined()
  expect(shapeOfCell('rule/inside@lift-1')).toBeUndefined()
  expect(shapeOfCell('rule/predicate')).toEqual({ kind: 'predicate', nested: [] })
})
