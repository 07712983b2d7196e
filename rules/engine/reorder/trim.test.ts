/** Whoever is quiet keeps no ring; and what is forgotten does not hang on when somebody looked, or on a restart. */
import { describe, expect, test } from 'vitest'
import type { Journaled } from '../../../model/entry.ts'
import type { Finding } from '../../../model/finding.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type StoryMessage,
  story,
} from '../../testing/community.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { TimelineRow } from '../snapshot/rows.ts'
import type { RingEntry } from '../types.ts'
import { type Message, readingEntry, refill } from './ring-entry.ts'

const bins = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const hot = (span = '1m') =>
  compiled([ruleText({ condition: { predicate: { when: 'temperature > 60.0', for: span } } })])
const says = (when: string, temperature: number, receivedAt: string = when, who = 'b1'): StoryMessage => ({
  device: who,
  at: when,
  receivedAt,
  values: { temperature },
})
const ringOf = (engine: Engine, id: string) => {
  const row = engine.snapshot().get(`d:${id}`)
  return (JSON.parse(row ?? 'null') as TimelineRow | null)?.ring
}

describe('of an idle device', () => {
  test('the ring is emptied after the quiet time', () => {
    const end = story(hot(), bins).say(says('1m', 20)).tick('5m')
    expect(ringOf(end.engine, 'b1')).toHaveLength(1)
    const quiet = story(hot(), bins).say(says('1m', 20)).tick('8m')
    expect(ringOf(quiet.engine, 'b1')).toEqual([])
  })

  test('the ring stays when a timer has fired', () => {
    const end = story(hot(), bins).say(says('1m', 61)).tick('20m')
    expect(ringOf(end.engine, 'b1')).toHaveLength(2)
    end.say(says('90s', 20, '20m'))
    expect(end.emitted()).toEqual(['began tested@120', 'retracted tested@120'])
  })

  test('a reading that is late within 5 min by the hub clock is inserted in order', () => {
    const end = story(hot(), bins)
      .say(says('5m', 20))
      .tick('9m 50s')
      .say(says('4m 55s', 61, '9m 50s'))
    expect(end.engine.stats().placed).toMatchObject({ 'in-order': 1, reordered: 1, 'too-late': 0 })
  })

  test('a reading later than that is history', () => {
    const end = story(hot(), bins)
      .say(says('5m', 20))
      .tick('12m')
      .say(says('4m 55s', 61, '12m'))
    expect(end.engine.stats().placed).toMatchObject({ 'in-order': 1, reordered: 0, 'too-late': 1 })
  })
})

interface Told {
  readonly findings: readonly Finding[]
  readonly placed: unknown
}

const tick = (when: string): Journaled => ({ kind: 'tick', receivedAt: at(when), seq: 0 })
const ticks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => tick(`${from + index}s`))
const heard = (message: StoryMessage): Journaled => ({ ...entryOf(message, bins), seq: 0 })

/** The same entries; with `stop`, by an engine that goes on from the rows of a snapshot taken before that entry and one before. */
function run(entries: readonly Journaled[], span: string, { saved = 0, stop = 0 } = {}): Told {
  const rules = hot(span)
  let engine = createEngine({ rules, directory: bins })
  const rows = new Map<string, string>()
  const save = () => {
    for (const [key, row] of engine.snapshot()) if (row !== null) rows.set(key, row)
  }
  const findings: Finding[] = []
  entries.forEach((entry, index) => {
    if (stop > 0 && index === saved) save()
    if (stop > 0 && index === stop) {
      save()
      engine = createEngine({ rules, directory: bins })
      engine.restore(rows)
    }
    findings.push(...engine.apply({ ...entry, seq: index + 1 }))
  })
  return { findings, placed: engine.stats().placed }
}

describe('the same entries are removed', () => {
  test.each([
    [
      'when the hub restarts after a pause and an old reading comes then',
      '1m',
      [heard(says('60s', 20)), ...ticks(61, 720), tick('1800s'), heard(says('30s', 61, '1810s'))],
      661,
    ],
    [
      'when a timer fires long after the last reading, right after a restart',
      '10m',
      [heard(says('60s', 61)), ...ticks(61, 660), tick('661s'), heard(says('40s', 20, '670s'))],
      600,
    ],
  ] as const)('%s', (_, span, entries, stop) => {
    const whole = run(entries, span)
    const restarted = run(entries, span, { saved: 20, stop })
    expect(restarted.findings.map(({ change, at: when }) => [change, when])).toEqual(
      whole.findings.map(({ change, at: when }) => [change, when]),
    )
    expect(restarted.placed).toMatchObject({ reordered: 0, 'too-late': 1 })
  })
})

describe('a recycled entry', () => {
  const message: Message = {
    channel: 'telemetry',
    member: 1,
    ts: 5,
    receivedAt: 9,
    reported: [1],
    event: '',
    messageSeq: undefined,
  }

  test('equals a new one, whatever it contained', () => {
    const used: RingEntry = {
      ...readingEntry({
        ...message,
        member: 0,
        ts: 1,
        reported: [2],
        event: 'moved',
        channel: 'event',
        messageSeq: 3,
      }),
      shift: 7,
      slots: [2],
      at: [1],
      undo: { cell: 0, value: 1, earlier: null },
      transitions: [],
    }
    expect(refill(used, message)).toEqual(readingEntry(message))
  })

  test('is known to nobody else: what a neighbour says in it is not taken for what a quiet device transitions', () => {
    const both = compiled([
      ruleText({ condition: { predicate: { when: 'temperature > 60.0 && fillingLevel > 0.5' } } }),
    ])
    const end = story(both, bins).say(says('1m', 20, '1m', 'b2'))
    for (let minute = 2; minute < 20; minute += 1) end.say(says(`${minute}m`, 61)).tick(`${minute}m 59s`, 1)
    end.say({ device: 'b2', at: '20m', values: { fillingLevel: 0.9 } })
    expect(end.emitted()).toEqual([])
    end.say({ device: 'b1', at: '20m', values: { fillingLevel: 0.9 } })
    expect(end.emitted()).toEqual(['began tested@1200'])
  })
})
