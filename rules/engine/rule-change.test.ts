/** Other rules take over what the former remember: what goes on, what ends and why, what begins anew. */
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../model/finding.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type Story,
  type StoryMessage,
  story,
} from '../testing/community.ts'
import { createEngine, type Engine } from './engine.ts'

const directory = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const hotter = (limit: number, more: Record<string, unknown> = {}) =>
  compiled([ruleText({ condition: { predicate: { when: `temperature > ${limit}.0`, for: '5m' } }, ...more })])
const hot: StoryMessage = { device: 'b1', at: '1m', values: { temperature: 65 } }

const rowsOf = ({ engine }: Story) => new Map(engine.snapshot() as Map<string, string>)

/** What is remembered after so many entries, taken over by an engine with other rules. */
function takenOver(
  before: Story,
  rules: CompiledRules,
): { engine: Engine; hear(seq: number, ...said: StoryMessage[]): Finding[] } {
  const engine = createEngine({ rules, directory })
  engine.restore(rowsOf(before))
  return {
    engine,
    hear: (seq, ...said) =>
      said.flatMap((one, index) => engine.apply({ ...entryOf(one, directory), seq: seq + index })),
  }
}
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ change, episode, reason }) => `${change} ${episode.split(':')[1]}: ${reason.en}`)

describe('a changed rule', () => {
  test('of the same kind keeps the open episode, under the new threshold', () => {
    const before = story(hotter(60), directory).say(hot).tick('7m', 10)
    expect(before.emitted()).toHaveLength(1)
    const { hear } = takenOver(before, hotter(40))
    expect(hear(900, { device: 'b1', at: '8m', values: { temperature: 50 } })).toEqual([])
    const end = hear(901, { device: 'b1', at: '9m', values: { temperature: 30 } })
    expect(end).toMatchObject([{ change: 'ended', episode: before.findings[0]?.episode }])
  })

  test('has another severity now: the open alert gets it with its next reading, once, and keeps it over a restart', () => {
    const before = story(hotter(60), directory).say(hot).tick('7m', 10)
    const worse = hotter(60, { severity: 'critical' })
    const { engine, hear } = takenOver(before, worse)
    const warm = (minute: number): StoryMessage => ({ ...hot, at: `${minute}m` })
    const told = hear(900, warm(8), warm(9))
    expect(told).toMatchObject([
      { change: 'severity', severity: 'critical', episode: before.findings[0]?.episode, ended: false },
    ])
    const again = createEngine({ rules: worse, directory })
    again.restore(engine.snapshot() as Map<string, string>)
    expect(again.apply({ ...entryOf(warm(10), directory), seq: 903 })).toEqual([])
    const over = entryOf({ device: 'b1', at: '11m', values: { temperature: 20 } }, directory)
    expect(again.apply({ ...over, seq: 904 })).toMatchObject([{ change: 'ended', severity: 'critical' }])
  })

  test('of another kind: the episode ends with a reason and begins again while the condition is met', () => {
    const before = story(hotter(60), directory).say(hot).tick('7m', 10)
    const counting = compiled([
      ruleText({ condition: { count: { when: 'temperature > 60.0', times: 1, within: '1h' } } }),
    ])
    const { engine, hear } = takenOver(before, counting)
    const after = hear(900, { device: 'b1', at: '8m', values: { temperature: 66 } })
    expect(told(after)[0]).toBe('ended b1: The rule was changed; the new one evaluates again')
    expect(after.filter(({ change }) => change === 'began')).toHaveLength(1)
    expect(new Set(after.map(({ episode }) => episode)).size).toBe(2)
    expect(engine.stats().failures).toEqual([])
  })

  test('only completes work from now on: its alert ends with a reason, and none stays open', () => {
    const other = ruleText({ id: 'other', condition: { predicate: { when: 'fillingLevel > 0.9' } } })
    const hotAnd = (more: Record<string, unknown> = {}) =>
      compiled([ruleText({ condition: { predicate: { when: 'temperature > 60.0' } }, ...more }), other])
    const completing = hotAnd({ completes: ['other'] })
    const alerting = story(hotAnd(), directory).say(hot)
    const { hear } = takenOver(alerting, completing)
    const after = hear(900, { ...hot, at: '8m' }, { ...hot, at: '9m', values: { temperature: 30 } })
    const ends = after.filter(({ episode }) => episode === alerting.findings[0]?.episode)
    expect(ends.map(({ change, completes }) => [change, completes])).toEqual([['ended', undefined]])
    const done = story(completing, directory).say(hot)
    expect(done.findings).toMatchObject([{ change: 'began', completes: ['other'] }])
    const raised = takenOver(done, hotAnd()).hear(900, { ...hot, at: '8m' })
    expect(raised.filter(({ change }) => change === 'began')).toMatchObject([{ rule: 'tested' }])
  })

  test('a rule that is gone ends what it opened, for that reason', () => {
    const before = story(hotter(60), directory).say(hot).tick('7m', 10)
    const other = compiled([
      ruleText({ id: 'other', condition: { predicate: { when: 'fillingLevel > 0.9' } } }),
    ])
    expect(told(takenOver(before, other).hear(900, { ...hot, at: '8m' }))).toEqual([
      'ended b1: The device or the rule was removed, or the rule was switched off',
    ])
  })

  test('is never applied to messages received before it existed', () => {
    const heard = () =>
      story(hotter(60), directory)
        .say({ device: 'b1', at: '1m', values: { temperature: 50 } })
        .say({ device: 'b1', at: '3m', values: { temperature: 55 } })
    const late: StoryMessage = { device: 'b1', at: '2m', receivedAt: '4m', values: { temperature: 55 } }
    const { engine, hear } = takenOver(heard(), hotter(40))
    hear(3, late)
    expect(engine.stats().placed).toMatchObject({ 'too-late': 1, reordered: 0 })
    const same = takenOver(heard(), hotter(60, { title: { zh: '新词', en: 'New words' } }))
    same.hear(3, late)
    expect(same.engine.stats().placed).toMatchObject({ 'too-late': 0, reordered: 1 })
  })

  test('that was off and is on again starts without state', () => {
    const absent = compiled([
      ruleText({
        id: 'absent',
        condition: { predicate: { when: 'temperature > 60.0', for: '1h' } },
      }),
      ruleText({ id: 'stays', condition: { predicate: { when: 'fillingLevel > 0.9' } } }),
    ])
    const off = { ...absent, list: absent.list.filter(({ id }) => id === 'stays') }
    const before = story(absent, directory).say({ ...hot, at: '1m' })
    const rows = rowsOf(before)
    for (const rules of [off, absent]) {
      const engine = createEngine({ rules, directory })
      engine.restore(rows)
      for (const [key, row] of engine.snapshot()) {
        if (row === null) rows.delete(key)
        else rows.set(key, row)
      }
    }
    const again = createEngine({ rules: absent, directory })
    again.restore(rows)
    const ticks = Array.from({ length: 120 }, (_, minute) => ({
      kind: 'tick' as const,
      receivedAt: at(`${minute + 2}m`),
      seq: minute + 2,
    }))
    expect(ticks.flatMap((tick) => again.apply(tick))).toEqual([])
  })

  test('evaluates the next reading, although it has the same values as the one before', () => {
    const seconds = (from: number): StoryMessage[] =>
      [0, 10, 20].map((second) => ({ device: 'b1', at: `${from + second}s`, values: { temperature: 50 } }))
    const before = story(hotter(60), directory).say(...seconds(0))
    const { hear } = takenOver(
      before,
      compiled([ruleText({ condition: { predicate: { when: 'temperature > 40.0' } } })]),
    )
    expect(hear(10, ...seconds(30))).toMatchObject([{ change: 'began', seq: 10 }])
  })
})
