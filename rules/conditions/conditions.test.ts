/** Each condition by itself, as tables of readings: what raises and what does not. */
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../testing/community.ts'

const bins = directoryOf([device('b1', 'bin')])
const lamps = directoryOf(['l1', 'l2', 'l3'].map((id) => device(id, 'streetlight', { gateway: 'g1' })))

/** Readings as `minute: value`; `nan` and `-` (field missing) included. */
function readings(field: string, text: string): StoryMessage[] {
  return text
    .split(/,\s*/)
    .filter(Boolean)
    .map((part) => {
      const [minute, value] = part.split(':')
      const values = value === '-' ? {} : { [field]: value === 'nan' ? Number.NaN : Number(value) }
      return { device: 'b1', at: `${minute}m`, values }
    })
}

function emittedBy(
  fields: Readonly<Record<string, unknown>>,
  messages: readonly StoryMessage[],
  until = '3h',
): string[] {
  const end = story(compiled([ruleText(fields)]), bins)
    .say(...messages)
    .tick(until, 30)
  expect(end.engine.stats().failures).toEqual([])
  return end
    .emitted()
    .map((one) => one.replace(' tested', '').replace(/@(\d+)/, (_, at) => `@${Number(at) / 60}`))
}

type Row = readonly [
  name: string,
  options: Readonly<Record<string, unknown>>,
  text: string,
  expected: readonly string[],
]

describe('predicate', () => {
  const hot = { when: 'temperature > 60.0' }
  const rows: readonly Row[] = [
    ['at once without `for`', hot, '1:61', ['began@1']],
    ['ends when false', hot, '1:61, 2:59', ['began@1', 'ended@2']],
    ['`for` passed by the timer', { ...hot, for: '5m' }, '1:61', ['began@6']],
    ['`for` passed by a reading', { ...hot, for: '5m' }, '1:61, 9:61', ['began@6']],
    [
      '`for` passed before a reading that ends it',
      { ...hot, for: '5m' },
      '1:61, 9:20',
      ['began@6', 'ended@9'],
    ],
    ['interrupted', { ...hot, for: '5m' }, '1:61, 3:59, 4:61, 8:59', []],
    [
      'a missing value neither interrupts nor confirms',
      { ...hot, for: '5m', samples: 2 },
      '1:61, 3:-, 4:nan',
      [],
    ],
    ['missing does not clear', hot, '1:61, 2:-, 3:nan', ['began@1']],
    ['never known', hot, '1:-, 2:nan', []],
    [
      '`clear` apart from `when`',
      { ...hot, clear: 'temperature < 50.0' },
      '1:61, 2:55, 3:49',
      ['began@1', 'ended@3'],
    ],
    [
      'crossing thresholds: ends when neither is true, not raised anew with every reading',
      { ...hot, clear: 'temperature < 90.0' },
      '1:61, 2:62, 3:70, 4:59, 5:61',
      ['began@1', 'ended@4', 'began@5'],
    ],
    ['`clearFor`', { ...hot, clearFor: '3m' }, '1:61, 2:20, 3:61, 4:20, 9:20', ['began@1', 'ended@7']],
    [
      '`keepFiring` counts from the last true reading',
      { ...hot, keepFiring: '10m' },
      '1:61, 5:61, 6:20, 14:20',
      ['began@1', 'ended@15'],
    ],
    ['three samples', { ...hot, samples: 3 }, '1:61, 2:61, 3:61', ['began@3']],
    ['samples interrupted', { ...hot, samples: 3 }, '1:61, 2:61, 3:20, 4:61, 5:61', []],
    [
      'a gap longer than `maxAge` confirms nothing',
      { ...hot, for: '5m', maxAge: '2m' },
      '1:61, 8:61, 9:61',
      [],
    ],
    [
      'readings closer than `maxAge` do',
      { ...hot, for: '5m', maxAge: '2m' },
      '1:61, 2:61, 3:61, 4:61, 5:61, 6:61',
      ['began@6'],
    ],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ condition: { predicate: options } }, readings('temperature', text))).toEqual(expected)
  })

  test('nothing begins while muted; an open episode continues and can end', () => {
    const fields = { condition: { predicate: hot }, mute: "status == 'moved'" }
    const moved = (minute: number, temperature: number): StoryMessage => ({
      device: 'b1',
      at: `${minute}m`,
      values: { temperature, status: 'moved' },
    })
    expect(emittedBy(fields, [moved(1, 70)])).toEqual([])
    expect(emittedBy(fields, [...readings('temperature', '1:70'), moved(2, 70), moved(3, 20)])).toEqual([
      'began@1',
      'ended@3',
    ])
  })
})

describe('rise', () => {
  const rise = { field: 'temperature', by: 10, within: '10m' }
  const rows: readonly Row[] = [
    ['in one step', rise, '1:20, 5:30', ['began@5']],
    ['over several', rise, '1:20, 4:25, 8:28, 11:30', ['began@11']],
    ['too slow', rise, '1:20, 6:25, 12:29, 18:34', []],
    ['back from one wild low value', rise, '1:25, 3:2, 5:24, 7:25', []],
    ['from a low that the next reading confirms', rise, '1:25, 3:2, 5:4, 7:14', ['began@7']],
    ['on from a wild low value', rise, '1:25, 3:2, 5:24, 7:35', ['began@7']],
    ['too little', rise, '1:20, 5:29.9', []],
    ['from the lowest, not from the first', rise, '1:25, 2:18, 5:28', ['began@5']],
    ['ends when it rises no more', rise, '1:20, 5:30, 12:30, 20:30', ['began@5', 'ended@12']],
    ['missing values are skipped', rise, '1:20, 3:nan, 4:-, 12:30', []],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ condition: { rise: options } }, readings('temperature', text))).toEqual(expected)
  })
})

describe('count', () => {
  const count = { when: 'temperature > 60.0', times: 3, within: '10m' }
  const rows: readonly Row[] = [
    ['three times', count, '1:61, 2:20, 3:61, 4:20, 5:61', ['began@5', 'ended@11']],
    ['staying true is once', count, '1:61, 2:61, 3:61, 4:61', []],
    ['too far apart', count, '1:61, 2:20, 6:61, 7:20, 12:61', []],
    ['more of them keep it', count, '1:61, 2:20, 3:61, 4:20, 5:61, 6:20, 9:61', ['began@5', 'ended@13']],
    ['missing values are neither', count, '1:61, 2:-, 3:61, 4:nan, 5:61', []],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ condition: { count: options } }, readings('temperature', text))).toEqual(expected)
  })

  test('every event counts', () => {
    const events = ['1m', '2m', '3m'].map(
      (at): StoryMessage => ({ device: 'b1', kind: 'event', at, values: { type: 'tamper' } }),
    )
    const fields = { condition: { count: { when: "event == 'tamper'", times: 3, within: '10m' } } }
    expect(emittedBy(fields, events)).toEqual(['began@3', 'ended@11'])
    expect(emittedBy(fields, events.slice(1))).toEqual([])
  })
})

describe('absence of a device', () => {
  const absence = { evidence: 'temperature > 60.0', for: '1h' }
  const rows: readonly Row[] = [
    ['from the beginning, without a message', absence, '', ['began@60.5']],
    ['from the last evidence', absence, '5:61, 20:20', ['began@65']],
    ['ends with evidence', absence, '5:61, 70:61', ['began@65', 'ended@70', 'began@130']],
    ['missing values are none', absence, '5:61, 30:nan, 40:-', ['began@65']],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ condition: { absence: options } }, readings('temperature', text), '140m')).toEqual(
      expected,
    )
  })
})

describe('any', () => {
  const any = {
    of: [
      { predicate: { when: 'temperature > 60.0' } },
      { rise: { field: 'temperature', by: 10, within: '10m' } },
    ],
  }
  const rows: readonly Row[] = [
    ['the first', any, '1:61', ['began@1']],
    ['the second', any, '1:20, 5:31', ['began@5']],
    ['one episode for both', any, '1:20, 5:31, 6:61, 7:61', ['began@5']],
    ['ends when none is active', any, '1:20, 5:31, 20:31', ['began@5', 'ended@20']],
    [
      'with `clear` it waits for that',
      { ...any, clear: 'temperature < 30.0' },
      '1:20, 5:31, 20:31, 25:29',
      ['began@5', 'ended@25'],
    ],
    ['neither', any, '1:20, 20:31, 40:42', []],
  ]
  test.each(rows)('%s', (_, options, text, expected) => {
    expect(emittedBy({ condition: { any: options } }, readings('temperature', text))).toEqual(expected)
  })
})

describe('together', () => {
  const fields = {
    applies: { types: ['streetlight'], of: 'gateway' },
    condition: { together: { when: 'temperature > 60.0', count: 2, within: '5m' } },
  }
  const reading = (id: string, minute: number, temperature: number): StoryMessage => ({
    device: id,
    at: `${minute}m`,
    values: { temperature },
  })
  const emitted = (...messages: readonly StoryMessage[]) =>
    story(compiled([ruleText(fields)]), lamps)
      .say(...messages)
      .tick('1h', 30)
      .emitted()

  test('two within 5 min; over when fewer are', () => {
    expect(emitted(reading('l1', 1, 61), reading('l2', 3, 61), reading('l1', 8, 20))).toEqual([
      'began tested@180',
      'ended tested@480',
    ])
  })
  test('one, or two too far apart', () => {
    expect(emitted(reading('l1', 1, 61), reading('l1', 2, 61))).toEqual([])
    expect(emitted(reading('l1', 1, 61), reading('l2', 7, 61))).toEqual([])
  })
})
