/** Nested conditions and sequences: what raises and what does not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../../model/device-type.ts'
import { formatProblem } from '../../../model/errors.ts'
import { compileRules } from '../../compile/compile-rules.ts'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../../testing/community.ts'
import { type Delivery, spans, type TestReading } from '../../testing/episodes.ts'

/** Objects with a key `then` look like promises; these are none. */
const followed = (options: Readonly<Record<string, unknown>>, then = 'fillingLevel > 0.8') =>
  Object.fromEntries([...Object.entries(options), ['then', then]])

const bins = directoryOf([device('b1', 'bin')])

/** `minute:temperature/level/battery`, each may be `-` (missing) or `nan`; or `minute:!event`. */
function messagesOf(text: string): StoryMessage[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((item): StoryMessage => {
      const [minute, what = ''] = item.split(':')
      if (what.startsWith('!'))
        return { device: 'b1', at: `${minute}m`, kind: 'event', values: { type: what.slice(1) } }
      const names = ['temperature', 'fillingLevel', 'batteryLevel']
      const fields = what
        .split('/')
        .map((value, index) => [names[index], value === 'nan' ? Number.NaN : Number(value), value] as const)
      const values = Object.fromEntries(
        fields.filter(([, , value]) => value !== '-').map(([name, value]) => [name, value]),
      )
      return { device: 'b1', at: `${minute}m`, values }
    })
}

function emittedBy(condition: unknown, text: string, more: Readonly<Record<string, unknown>> = {}): string[] {
  const end = story(compiled([ruleText({ condition, ...more })]), bins)
    .say(...messagesOf(text))
    .tick('4h', 30)
  expect(end.engine.stats().failures).toEqual([])
  return end
    .emitted()
    .map((one) => one.replace(' tested', '').replace(/@(\d+)/, (_, at) => `@${Number(at) / 60}`))
}

const hot = { predicate: { when: 'temperature > 60.0' } }
const hotFor5 = { predicate: { when: 'temperature > 60.0', for: '5m' } }
const full = { predicate: { when: 'fillingLevel > 0.8' } }
const low = { predicate: { when: 'batteryLevel < 0.2', maxAge: '10m' } }
const rising = { rise: { field: 'temperature', by: 10, within: '10m' } }

type Row = readonly [name: string, of: readonly unknown[], text: string, expected: readonly string[]]

describe('all', () => {
  const rows: readonly Row[] = [
    ['begins with the last condition', [hot, full], '1:61/0.1 2:61/0.9', ['began@2']],
    ['in the other order', [full, hot], '1:61/0.1 2:61/0.9', ['began@2']],
    ['begins when the last `for` is over', [hotFor5, full], '1:61/0.1 2:61/0.9', ['began@6']],
    ['ends with the first that ends', [hot, full], '1:61/0.9 2:61/0.1 3:20/0.1', ['began@1', 'ended@2']],
    ['a missing value is not true', [hot, full], '1:61/- 2:61/nan', []],
    ['a value that is missing ends nothing', [hot, full], '1:61/0.9 2:-/nan', ['began@1']],
    ['two episodes', [hot, full], '1:61/0.9 2:20/0.9 3:61/0.9', ['began@1', 'ended@2', 'began@3']],
    ['with a rise', [rising, full], '1:20/0.1 5:31/0.1 6:31/0.9', ['began@6']],
    [
      'any inside',
      [{ any: { of: [hot, rising] } }, full],
      '1:20/0.9 5:31/0.9 30:31/0.9',
      ['began@5', 'ended@30'],
    ],
    [
      'all inside any',
      [{ any: { of: [{ all: { of: [hot, full] } }] } }, full],
      '1:61/0.1 2:61/0.9',
      ['began@2'],
    ],
  ]
  test.each(rows)('%s', (_, of, text, expected) => {
    expect(emittedBy({ all: { of } }, text)).toEqual(expected)
  })

  test('with `clear` it waits for that', () => {
    const all = { of: [hot, full], clear: 'temperature < 30.0' }
    expect(emittedBy({ all }, '1:61/0.9 2:50/0.9 3:20/0.9')).toEqual(['began@1', 'ended@3'])
    expect(emittedBy({ all }, '1:61/0.9 2:20/0.9')).toEqual(['began@1', 'ended@2'])
  })

  test('nothing begins while muted, not by a timer either; what is true begins when muting ends', () => {
    const fields = { mute: "status == 'moved'" }
    const reading = (minute: number, values: FieldValues): StoryMessage => ({
      device: 'b1',
      at: `${minute}m`,
      values,
    })
    const emitted = (...all: readonly StoryMessage[]) =>
      story(compiled([ruleText({ ...fields, condition: { all: { of: [hot, full] } } })]), bins)
        .say(...all)
        .tick('2h', 30)
        .emitted()
    const moved = { status: 'moved' }
    expect(emitted(reading(1, { temperature: 61 }), reading(2, { fillingLevel: 0.9, ...moved }))).toEqual([])
    const later = reading(4, { status: 'ok', fillingLevel: 0.9 })
    expect(
      emitted(reading(1, { temperature: 61 }), reading(2, { fillingLevel: 0.9, ...moved }), later),
    ).toEqual(['began tested@240'])
  })

  test('the reason can name the details of nested conditions', () => {
    const rule = ruleText({
      condition: { all: { of: [rising, full] } },
      reason: { zh: '{from} {to}', en: '{from} to {to}' },
    })
    const found = story(compiled([rule]), bins).say(...messagesOf('1:20/0.9 5:31/0.9')).findings
    expect(found.map(({ reason }) => reason.en)).toEqual(['20 to 31'])
  })
})

describe('not', () => {
  const rows: readonly Row[] = [
    ['known to be inactive', [hot, { not: full }], '1:61/0.1', ['began@1']],
    ['active', [hot, { not: full }], '1:61/0.9', []],
    ['unknown is neither', [hot, { not: full }], '1:61/- 2:61/nan', []],
    ['until it is known', [hot, { not: full }], '1:61/- 2:61/- 3:61/0.1', ['began@3']],
    ['ends when it becomes active', [hot, { not: full }], '1:61/0.1 2:61/0.9', ['began@1', 'ended@2']],
    ['begins when it ends', [hot, { not: full }], '1:61/0.9 2:61/0.9 3:61/0.1', ['began@3']],
    [
      'a known value that is too old is unknown',
      [hotFor5, { not: low }],
      '1:20/-/0.9 8:61/-/- 12:61/-/-',
      [],
    ],
    ['one that is not', [hotFor5, { not: low }], '1:20/-/0.9 5:61/-/- 9:61/-/0.8', ['began@10']],
    [
      'of a count',
      [hot, { not: { count: { when: 'fillingLevel > 0.8', times: 2, within: '1h' } } }],
      '1:61/0.9',
      ['began@1'],
    ],
    [
      'of a count that is reached',
      [hot, { not: { count: { when: 'fillingLevel > 0.8', times: 1, within: '1h' } } }],
      '1:61/0.9',
      ['began@61'],
    ],
    ['of any', [hot, { not: { any: { of: [full, low] } } }], '1:61/0.1/0.1 2:61/0.1/0.5', ['began@2']],
    ['of any of which one is unknown', [hot, { not: { any: { of: [full, low] } } }], '1:61/0.1/-', []],
    [
      'of all of which one is known to be inactive',
      [hot, { not: { all: { of: [full, low] } } }],
      '1:61/0.1/-',
      ['began@1'],
    ],
  ]
  test.each(rows)('%s', (_, of, text, expected) => {
    // Hot for longer than the count looks back.
    expect(emittedBy({ all: { of } }, text)).toEqual(expected)
  })
})

describe('any', () => {
  test('a condition skips readings without its fields', () => {
    const twice = { predicate: { when: 'temperature > 60.0', samples: 2 } }
    const filling = { rise: { field: 'fillingLevel', by: 0.5, within: '10m' } }
    expect(emittedBy({ any: { of: [twice, filling] } }, '1:61/0.1 2:-/0.1 3:-/0.2')).toEqual([])
    expect(emittedBy({ any: { of: [twice, filling] } }, '1:61/0.1 2:-/0.1 3:61/0.2')).toEqual(['began@3'])
    expect(emittedBy({ any: { of: [twice, filling] } }, '1:61/0.1 2:-/0.7')).toEqual(['began@2'])
  })
  test('signals of the rule do not change that', () => {
    const signals = { warm: { delay: { when: 'temperature > 60.0', for: '3m' } } }
    const any = {
      of: [{ predicate: { when: 'warm' } }, { rise: { field: 'fillingLevel', by: 0.5, within: '10m' } }],
    }
    expect(emittedBy({ any }, '1:61/0.1 2:61/0.1 5:-/0.1', { signals })).toEqual(['began@5'])
  })
  test('timers of nested conditions fire in the order of event time', () => {
    const any = {
      of: [
        { predicate: { when: 'temperature > 60.0', for: '10m' } },
        { predicate: { when: 'fillingLevel > 0.8', for: '5m' } },
      ],
    }
    expect(emittedBy({ any }, '1:61/0.1 2:61/0.9')).toEqual(['began@7'])
    const late: StoryMessage[] = [
      { device: 'b1', at: '1m', receivedAt: '5m', values: { temperature: 61 } },
      { device: 'b1', at: '6m', values: { fillingLevel: 0.9 } },
    ]
    const one = story(compiled([ruleText({ condition: { any } })]), bins)
      .say(...late)
      .tick('1h', 10)
    expect(one.findings.map(({ change, at }) => [change, at - Date.UTC(2026, 2, 1)])).toEqual([
      ['began', 660_000],
    ])
  })
})

describe('sequence with `then`', () => {
  const sequence = followed({ first: 'temperature > 60.0', within: '10m' })
  const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, string, readonly string[]])[] = [
    ['one after the other', sequence, '1:61/0.1 5:20/0.9 6:20/0.1', ['began@5', 'ended@6']],
    ['the first still true', sequence, '1:61/0.1 5:61/0.9', ['began@5']],
    [
      'from the last reading at which the first was true',
      sequence,
      '1:61/0.1 8:61/0.1 16:20/0.9',
      ['began@16'],
    ],
    ['too late', sequence, '1:61/0.1 12:20/0.9', []],
    ['the other way round', sequence, '1:20/0.9 5:61/0.1', []],
    ['at once is not after', sequence, '1:61/0.9 2:20/0.1', []],
    ['missing values are neither', sequence, '1:nan/- 2:61/nan 5:20/- 6:20/nan', []],
    ['missing values end nothing', sequence, '1:61/0.1 5:20/0.9 6:20/- 7:20/nan', ['began@5']],
    ['used up', sequence, '1:61/0.1 3:20/0.9 4:20/0.1 5:20/0.9', ['began@3', 'ended@4']],
    ['another one', sequence, '1:61/0.1 3:20/0.9 4:61/0.1 5:20/0.9', ['began@3', 'ended@4', 'began@5']],
    [
      '`clear`',
      { ...sequence, clear: 'temperature < 10.0' },
      '1:61/0.1 5:20/0.9 6:20/0.1 9:5/0.1',
      ['began@5', 'ended@9'],
    ],
    [
      'events',
      followed({ first: "event == 'tamper'", within: '10m' }, 'temperature > 60.0'),
      '1:!tamper 5:61',
      ['began@5'],
    ],
    [
      'events too long ago',
      followed({ first: "event == 'tamper'", within: '10m' }, 'temperature > 60.0'),
      '1:!tamper 12:61',
      [],
    ],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ sequence: options }, text)).toEqual(expected)
  })
  test('the finding has the time of the first fact', () => {
    const rule = ruleText({ condition: { sequence } })
    const found = story(compiled([rule]), bins).say(
      ...messagesOf('1:20/0.1 2:61/0.1 4:61/0.1 6:20/0.9'),
    ).findings
    expect(found.map(({ startedAt, raisedAt }) => raisedAt - startedAt)).toEqual([240_000])
  })
})

describe('sequence with `unless`', () => {
  const sequence = { first: 'temperature > 60.0', unless: 'fillingLevel < 0.2', within: '15m' }
  const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, string, readonly string[]])[] = [
    ['nothing comes', sequence, '1:61/0.9', ['began@16']],
    ['nothing but more of the first', sequence, '1:61/0.9 5:20/0.9 9:61/0.9', ['began@16']],
    ['it comes', sequence, '1:61/0.9 9:20/0.1 30:20/0.1', []],
    ['too late', sequence, '1:61/0.9 30:20/0.1', ['began@16', 'ended@30']],
    ['at once', sequence, '1:61/0.1 30:20/0.9', []],
    ['again when it becomes true again', sequence, '1:61/0.9 9:61/0.1 10:20/0.9 20:61/0.9', ['began@35']],
    ['staying true is once', sequence, '1:61/0.9 30:61/0.1 40:61/0.9', ['began@16', 'ended@30']],
    ['unknown whether it came', sequence, '1:61/- 5:-/nan 20:61/-', []],
    ['known in time that it has not come', sequence, '1:61/- 5:-/0.9', ['began@16']],
    ['known only afterwards', sequence, '1:61/- 20:61/0.9', []],
    ['a gap longer than `maxAge` is unknown', { ...sequence, maxAge: '10m' }, '1:61/0.9 18:61/0.9', []],
    [
      'readings within `maxAge` are no gap',
      { ...sequence, maxAge: '10m' },
      '1:61/0.9 9:61/0.9',
      ['began@16'],
    ],
    [
      '`clear`',
      { ...sequence, clear: 'temperature < 10.0' },
      '1:61/0.9 30:61/0.1 31:5/0.1',
      ['began@16', 'ended@31'],
    ],
    [
      'events',
      { first: "event == 'tamper'", unless: 'fillingLevel < 0.2', within: '15m' },
      '1:-/0.9 2:!tamper',
      ['began@17'],
    ],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ sequence: options }, text)).toEqual(expected)
  })
  test('no window opens while muted', () => {
    const fields = { mute: 'batteryLevel < 0.1' }
    expect(emittedBy({ sequence }, '1:61/0.9/0.05 2:61/0.9/0.5', fields)).toEqual([])
    expect(emittedBy({ sequence }, '1:61/0.9/0.5 2:61/0.9/0.05', fields)).toEqual([])
  })
})

describe('refused with its path', () => {
  const problems = (condition: unknown): string => {
    const result = compileRules([ruleText({ condition })])
    return result.ok ? '' : result.problems.map(formatProblem).join('\n')
  }
  const nested = (depth: number): unknown => (depth === 1 ? hot : { all: { of: [nested(depth - 1)] } })
  test.each([
    ['not alone', { not: hot }, /condition\.not: not can only be nested directly in all/],
    ['not in any', { any: { of: [hot, { not: full }] } }, /any\.of\[1\]\.not: a not in any/],
    [
      'only nots',
      { all: { of: [{ not: hot }, { not: full }] } },
      /all\.of: all needs a condition that is not negated/,
    ],
    ['not not', { all: { of: [hot, { not: { not: full } }] } }, /of\[1\]\.not\.not: not can only/],
    [
      'an absence',
      { all: { of: [hot, { absence: { evidence: 'temperature > 1.0', for: '1h' } }] } },
      /of\[1\]: absence, event, silence/,
    ],
    [
      'an event',
      { all: { of: [hot, { not: { event: { when: "event == 'tamper'" } } }] } },
      /of\[1\]: absence, event, silence/,
    ],
    [
      'silence',
      { any: { of: [{ silence: { mains: '1h', battery: '1h' } }] } },
      /of\[0\]: absence, event, silence/,
    ],
    [
      'a group',
      { all: { of: [{ together: { when: 'temperature > 1.0', count: 3, within: '1h' } }] } },
      /together is only for a group/,
    ],
    ['nine conditions', { all: { of: Array.from({ length: 9 }, () => hot) } }, /all\.of/],
    ['none', { all: { of: [] } }, /all\.of/],
    ['too deep', nested(5), /nested deeper than 4/],
    [
      'too many',
      {
        any: { of: Array.from({ length: 5 }, () => ({ all: { of: Array.from({ length: 8 }, () => hot) } })) },
      },
      /more than 32/,
    ],
    [
      'an unknown condition',
      { all: { of: [hot, { predicament: {} }] } },
      /of\[1\]: exactly one condition of/,
    ],
    ['two in one', { all: { of: [{ ...hot, ...rising }] } }, /of\[0\]: exactly one condition of/],
    [
      'neither then nor unless',
      { sequence: { first: 'temperature > 1.0', within: '1h' } },
      /sequence: needs either then or unless/,
    ],
    [
      'both',
      {
        sequence: followed({ first: 'temperature > 1.0', unless: 'temperature > 1.0', within: '1h' }),
      },
      /sequence: needs either/,
    ],
    ['no time', { sequence: followed({ first: 'temperature > 1.0', within: '0s' }) }, /sequence\.within/],
    [
      'an unknown field in a nested condition',
      { all: { of: [hot, { not: { predicate: { when: 'temprature > 1.0' } } }] } },
      /of\[1\]\.not\.predicate\.when: .*temprature/,
    ],
  ])('%s', (_, condition, expected) => {
    expect(problems(condition)).toMatch(expected)
  })
  test('four deep is good', () => {
    expect(problems(nested(4))).toBe('')
  })
})

describe('order and restarts', () => {
  const conditions = {
    all: {
      all: {
        of: [
          hotFor5,
          { not: { count: { when: 'fillingLevel > 0.8', times: 2, within: '8m' } } },
          { any: { of: [low, rising] } },
        ],
      },
    },
    any: {
      any: {
        of: [hotFor5, { predicate: { when: 'fillingLevel > 0.8', for: '3m' } }, rising],
        clear: 'batteryLevel > 0.2',
      },
    },
    after: { sequence: followed({ first: 'temperature > 60.0', within: '6m' }) },
    unless: {
      sequence: { first: 'temperature > 60.0', unless: 'fillingLevel > 0.8', within: '6m', maxAge: '4m' },
    },
    hours: { predicate: { when: 'between(0.1, 0.5) && temperature > 30.0', for: '2m' } },
    'hours alone': { predicate: { when: 'between(0.1, 0.25) || between(0.5, 0.7)' } },
    'hours in all': {
      all: {
        of: [
          { predicate: { when: 'between(0.1, 0.5)' } },
          { not: full },
          { predicate: { when: 'temperature > 30.0', for: '1m' } },
        ],
      },
    },
    inside: {
      all: {
        of: [{ sequence: { first: 'fillingLevel > 0.8', unless: 'batteryLevel < 0.2', within: '4m' } }, hot],
      },
    },
  }
  const value = <T>(...values: readonly T[]) =>
    fc.option(fc.constantFrom(...values), { nil: undefined, freq: 6 })
  const step = fc.record({
    pause: fc.constantFrom(0, 5, 30, 60, 60, 120, 300),
    temperature: value(20, 35, 61, 70),
    fillingLevel: value(0.1, 0.9, Number.NaN),
    batteryLevel: value(0.1, 0.9),
    delay: fc.integer({ min: 0, max: 299 }),
    twice: fc.boolean(),
    restart: fc.boolean(),
  })
  const steps = fc.array(step, { minLength: 2, maxLength: 40, size: 'max' })
  const readingsOf = (
    all: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
  ): TestReading[] => {
    let seconds = 1
    const readings = all.map(({ pause, temperature, fillingLevel, batteryLevel }) => {
      seconds += pause
      const values = Object.entries({ temperature, fillingLevel, batteryLevel }).filter(
        ([, one]) => one !== undefined,
      )
      return { hour: seconds / 3600, values: Object.fromEntries(values) as FieldValues }
    })
    // Long after, so that every timer fires whatever the delays.
    return [...readings, { hour: seconds / 3600 + 2, values: { rssi: -90 } }]
  }
  test.each(Object.entries(conditions))(
    '%s: any order of arrival within 5 min, duplicates and restarts',
    (_, condition) => {
      let raised = 0
      fc.assert(
        fc.property(steps, (all) => {
          const readings = readingsOf(all)
          const tested = { type: 'bin', rule: { condition } }
          // Readings of the same instant have no order.
          const spansFor = (delivery: Delivery) =>
            spans(tested, readings, delivery).sort((a, b) => (a < b ? -1 : 1))
          const right = spansFor({})
          raised += right.length
          const restarts = all.flatMap(({ restart }, index) => (restart ? [index] : []))
          const late = {
            delay: (index: number) => all[index]?.delay ?? 0,
            isDuplicated: (index: number) => all[index]?.twice ?? false,
          }
          expect(spansFor({ ...late, restarts })).toEqual(right)
          expect(spansFor({ restarts })).toEqual(right)
        }),
        { numRuns: Number(process.env.LINLI_PROPERTY_RUNS ?? 80) },
      )
      // About a quarter of the stories raise; far fewer would make the test meaningless.
      expect(raised).toBeGreaterThan(5)
    },
  )
})
