/** Impossible jumps: what raises, what does not, and that order and restarts change nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../../model/device-type.ts'
import { episodes, spans, type Tested, type TestReading } from '../../testing/episodes.ts'

type Options = Readonly<Record<string, unknown>>

const bin = (jump: Options = {}, more: Options = {}): Tested => ({
  type: 'bin',
  rule: {
    condition: { jump: { field: 'fillingLevel', by: 0.5, within: '2h', per: '24h', ...jump } },
    ...more,
  },
})

/** Levels every `every` hours; `-` missing, `n` NaN. */
function level(text: string, every = 1, from = 0): TestReading[] {
  return text.split(' ').map((word, index) => {
    const values: Record<string, FieldValues> = { '-': { temperature: 20 }, n: { fillingLevel: Number.NaN } }
    return { hour: from + index * every, values: values[word] ?? { fillingLevel: Number(word) } }
  })
}

type Row = readonly [
  name: string,
  options: Options,
  readings: readonly TestReading[],
  expected: readonly string[],
]

const end = level('.2 .2 .2', 12, 30)

const rows: readonly Row[] = [
  ['up', {}, level('.2 .2 .8'), ['2 2 -']],
  ['over after `per`', {}, [...level('.2 .2 .8 .8'), ...level('.8 .8 .8', 12, 24)], ['2 2 26']],
  ['too little', {}, level('.2 .2 .65 .65'), []],
  ['too slow', {}, level('.2 .4 .6 .8 1'), []],
  ['a change over a silence is no jump', {}, level('.2 .8 .2 .8', 3), []],
  ['down', {}, level('.8 .8 .2'), ['2 2 -']],
  ['down, with direction up', { direction: 'up' }, level('.8 .8 .2 .2'), []],
  ['up, with direction down', { direction: 'down' }, level('.2 .2 .8 .8'), []],
  ['missing in between', {}, level('.2 - .8'), ['2 2 -']],
  ['NaN in between', {}, level('.2 n .8'), ['2 2 -']],
  ['the first reading is no jump', {}, level('.9 .9'), []],
  ['an echo is one jump', { times: 2 }, level('.2 .8 .2 .2 .2'), []],
  ['two echoes are two', { times: 2 }, level('.2 .8 .2 .2 .8'), ['1 4 -']],
  ['two echoes too far apart', { times: 2, per: '3h' }, level('.2 .8 .2 .2 .2 .8 .2'), []],
  ['an echo, known when it is back', { kind: 'echo' }, level('.2 .8 .25'), ['2 2 -']],
  ['not yet back', { kind: 'echo' }, level('.2 .8'), []],
  ['it stays: no echo', { kind: 'echo' }, level('.2 .8 .75 .2 .2'), []],
  ['a step, known when it stays', { kind: 'step' }, level('.2 .8 .75'), ['2 2 -']],
  ['back again: no step', { kind: 'step' }, level('.2 .8 .2 .2'), []],
  ['a step, and back by another', { kind: 'step', times: 2 }, level('.2 .8 .8 .2 .2'), ['2 4 -']],
  ['a jump on top of a jump', { by: 0.4, kind: 'step', times: 2 }, level('0 .45 .95 .95'), ['2 3 -']],
  [
    'one episode while there are enough',
    { times: 2, per: '5h' },
    level('.2 .8 .2 .8 .2 .8 .2 .2 .2 .2 .2 .2'),
    ['1 3 8'],
  ],
  ['and then none', {}, [...level('.2 .8'), ...end], ['1 1 25']],
]

describe('jump', () => {
  test.each(rows)('%s', (_, options, readings, expected) => {
    expect(spans(bin(options), readings)).toEqual(expected)
  })
  test.each(rows)('with restarts and duplicates: %s', (_, options, readings, expected) => {
    const delivery = { restarts: [0, 1, 2, 3, 5, 8], isDuplicated: (index: number) => index % 2 === 0 }
    expect(spans(bin(options), readings, delivery)).toEqual(expected)
  })

  test('the evidence contains both values', () => {
    expect(episodes(bin(), level('.2 .2 .8'))[0]?.evidence).toMatchObject({ from: 0.2, to: 0.8, count: 1 })
  })

  test('muted jumps do not count', () => {
    const readings = level('.2 .8 .2 .8').map((one) => ({
      ...one,
      values: { ...one.values, status: 'moved' },
    }))
    expect(spans(bin({}, { mute: "status == 'moved'" }), readings)).toEqual([])
  })

  test('a value without jumps is known; a value that was never reported is unknown', () => {
    const all = {
      of: [
        { predicate: { when: 'temperature > 60.0' } },
        { not: { jump: { field: 'fillingLevel', by: 0.5, within: '2h' } } },
      ],
    }
    const tested: Tested = { type: 'bin', rule: { condition: { all } } }
    const hot = (values: FieldValues): TestReading[] =>
      [1, 2].map((hour) => ({ hour, values: { ...values, temperature: 61 + hour } }))
    const moving = level('.3 .4', 0.5)
    expect(spans(tested, [...moving, ...hot({})])).toEqual(['1 1 -'])
    expect(spans(tested, hot({}))).toEqual([])
  })

  test('any arrival order within 5 min gives the same episodes', () => {
    const reading = fc.record({
      value: fc.constantFrom(0.2, 0.2, 0.2, 0.25, 0.8, undefined),
      pause: fc.constantFrom(5, 20, 60, 100, 200),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const seen = { some: false, none: false }
    const kinds = fc.constantFrom('any', 'echo', 'step')
    fc.assert(
      fc.property(fc.array(reading, { minLength: 5, maxLength: 60 }), kinds, (steps, kind) => {
        const tested = bin({ kind, within: '90s', times: 2, per: '4m' })
        let second = 0
        const readings = steps.map(({ value, pause }): TestReading => {
          second += pause
          return {
            hour: second / 3600,
            values: value === undefined ? { temperature: 9 } : { fillingLevel: value },
          }
        })
        const delivery = {
          delay: (index: number) => steps[index]?.delay ?? 0,
          isDuplicated: (index: number) => steps[index]?.twice ?? false,
        }
        // A last reading after all timers, however late messages are.
        readings.push({ hour: second / 3600 + 1, values: { temperature: 9 } })
        const expected = spans(tested, readings)
        if (expected.length > 0) seen.some = true
        else seen.none = true
        expect(spans(tested, readings, delivery)).toEqual(expected)
      }),
      { numRuns: 200, seed: 4 },
    )
    expect(seen).toEqual({ some: true, none: true })
  })
})
