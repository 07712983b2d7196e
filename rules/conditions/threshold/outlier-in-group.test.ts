/** `apart`: one member differs from the rest of its circuit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../model/finding.ts'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../../testing/community.ts'

const lamps = ['l1', 'l2', 'l3', 'l4', 'l5']
const circuit = directoryOf(lamps.map((id) => device(id, 'streetlight', { circuit: 'c1' })))
const alone = directoryOf([device('l1', 'streetlight')])
const rules = (least = 1, time = '30m') =>
  compiled([
    ruleText({
      applies: { types: ['streetlight'], of: 'circuit' },
      condition: {
        apart: { when: "powerState == 'on'", for: time, share: 0.5, crowd: 3, least },
      },
      reason: { zh: '{out} / {of}', en: '{out} of {of}' },
    }),
  ])

/** From one minute to another, a message every five. */
function is(
  powerState: 'on' | 'off',
  ids: readonly string[],
  [from, to]: readonly [number, number],
): StoryMessage[] {
  const messages: StoryMessage[] = []
  for (let minute = from; minute <= to; minute += 5)
    for (const id of ids) messages.push({ device: id, at: `${minute}m`, values: { powerState } })
  return messages
}
const minutes = (at: string): number => Number.parseFloat(at)
const run = (messages: readonly StoryMessage[], directory = circuit, least = 1) =>
  story(rules(least), directory)
    .say(...messages.toSorted((a, b) => minutes(a.at) - minutes(b.at)))
    .tick('3h', 60)

describe('fires', () => {
  test('one burns for half an hour while the others do not', () => {
    const end = run([
      ...is('on', ['l1'], [10, 60]),
      ...is('off', ['l1'], [65, 70]),
      ...is('off', lamps.slice(1), [0, 70]),
    ])
    expect(end.emitted()).toEqual(['began tested@2400', 'ended tested@3900'])
    expect(end.findings[0]).toMatchObject({ device: 'l1', subject: 'c1', reason: { en: '1 of 5' } })
  })
  test('by the timer without a message at that minute', () => {
    expect(run(is('on', ['l1'], [12, 37])).emitted()).toEqual(['began tested@2520'])
  })
  test('two of five are no crowd, and one alert', () => {
    const end = run([...is('on', ['l1'], [0, 90]), ...is('on', ['l2'], [40, 90])])
    expect(end.emitted()).toEqual(['began tested@1800'])
  })
  test('one lamp that keeps burning after a test of all, half an hour later', () => {
    const end = run([
      ...is('on', lamps, [0, 40]),
      ...is('off', lamps.slice(1), [45, 120]),
      ...is('on', ['l1'], [45, 120]),
    ])
    expect(end.emitted()).toEqual([`began tested@${75 * 60}`])
  })
  test('a test of all lamps does not end an open alert', () => {
    const end = run([
      ...is('on', ['l1'], [0, 120]),
      ...is('on', lamps.slice(1), [60, 80]),
      ...is('off', lamps.slice(1), [85, 120]),
    ])
    expect(end.emitted()).toEqual(['began tested@1800'])
  })
  test('a lamp that is in no circuit', () => {
    const end = run(is('on', ['l1'], [0, 40]), alone)
    expect(end.emitted()).toEqual(['began tested@1800'])
    expect(end.findings[0]).toMatchObject({ device: 'l1', subject: 'l1' })
  })
})

describe('stays quiet', () => {
  test('all burn: they were switched on', () => {
    expect(run(is('on', lamps, [0, 90])).emitted()).toEqual([])
  })
  test('all of them go off one after the other', () => {
    const end = lamps.map((id, index) => [
      ...is('on', [id], [0, 60 + index * 5]),
      ...is('off', [id], [65 + index * 5, 120]),
    ])
    expect(run(end.flat()).emitted()).toEqual([])
  })
  test('29 minutes', () => {
    expect(run([...is('on', ['l1'], [0, 25]), ...is('off', ['l1'], [29, 29])]).emitted()).toEqual([])
  })
  test('a gap is unknown', () => {
    const end = [...is('on', ['l1'], [0, 10]), ...is('on', ['l1'], [35, 50])]
    expect(run(end).emitted()).toEqual([])
  })
  test('a circuit smaller than the least', () => {
    expect(run(is('on', ['l1'], [0, 90]), alone, 3).emitted()).toEqual([])
  })
})

test('any order and duplicates give the same episodes', () => {
  const word = fc.record({
    device: fc.constantFrom(...lamps.slice(0, 4)),
    state: fc.constantFrom('on', 'on', 'off'),
    pause: fc.constantFrom(0, 20, 60, 200, 290, 700),
    delay: fc.integer({ min: 0, max: 290 }),
  })
  let episodes = 0
  fc.assert(
    fc.property(fc.array(word, { minLength: 5, maxLength: 80, size: 'max' }), (words) => {
      let now = 0
      const messages = words.map(
        ({ device: id, state, pause, delay }, index): StoryMessage & { order: number } => {
          now += pause
          return {
            device: id,
            at: `${now}s`,
            receivedAt: `${now + delay}s`,
            order: now + delay,
            seq: index,
            values: { powerState: state },
          }
        },
      )
      const late = messages.toSorted((a, b) => a.order - b.order).flatMap((one) => [one, one])
      const straight = messages.map(({ receivedAt: _, ...one }) => one)
      const right = spansOf(straight)
      episodes += right.length
      expect(spansOf(late)).toEqual(right)
    }),
    { numRuns: 300 },
  )
  expect(episodes).toBeGreaterThan(10)
})

function spansOf(messages: readonly StoryMessage[]): string[] {
  const open = new Map<string, string>()
  const end = story(rules(1, '4m'), circuit).tick('0s')
  for (const one of messages) end.tick(one.receivedAt ?? one.at, 100_000).say(one)
  end.tick('20h', 20_000)
  expect(end.engine.stats().failures).toEqual([])
  end.findings.forEach(({ episode, change, raisedAt, at, ended }: Finding) => {
    if (change === 'retracted') open.delete(episode)
    else open.set(episode, `${raisedAt} ${ended ? at : '-'}`)
  })
  return [...open.values()].toSorted((a, b) => (a < b ? -1 : 1))
}
