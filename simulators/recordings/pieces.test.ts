import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idPattern } from '../../model/topics.ts'
import { withRecording } from '../../tests/support/converted-recording.ts'
import { readTable } from './delimited.ts'
import { createWallClock, parseAmericanWall, parseDayFirst, parseIsoWall } from './local-time.ts'
import { createMessageLog } from './message-log.ts'
import { createIds, toName } from './names.ts'
import { parseDecimal } from './numbers.ts'
import { createProblemLog } from './problem-log.ts'
import { sensorKind } from './sensor-kinds.ts'

const utc = (text: string): number => Date.parse(text)

describe('wall clocks', () => {
  test.each([
    ['Europe/London', '2016-06-03T13:23:26Z', '2016-06-03T12:23:26Z', undefined],
    ['America/New_York', '2015-01-01T00:25:23Z', '2015-01-01T05:25:23Z', undefined],
    ['Europe/Amsterdam', '2008-03-30T02:30:00Z', '2008-03-30T01:30:00Z', 'nonexistent-local-time'],
    ['Europe/Amsterdam', '2008-10-26T02:30:00Z', '2008-10-26T00:30:00Z', 'ambiguous-local-time'],
    ['Europe/Amsterdam', '2008-10-26T03:00:00Z', '2008-10-26T02:00:00Z', undefined],
    ['Australia/Lord_Howe', '2018-10-07T02:15:00Z', '2018-10-06T15:45:00Z', 'nonexistent-local-time'],
  ])('%s %s is %s', (zone, wall, expected, doubt) => {
    const { at, problem } = createWallClock(zone)(utc(wall))
    expect([new Date(at).toISOString(), problem]).toEqual([new Date(expected).toISOString(), doubt])
  })

  test('agrees with Temporal at any time', () => {
    const toUtc = createWallClock('America/New_York')
    fc.assert(
      fc.property(
        fc.integer({ min: utc('2003-01-01T00:00:00Z'), max: utc('2020-01-01T00:00:00Z') }),
        (at) => {
          const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('America/New_York')
          const wall = local.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds
          const read = toUtc(wall)
          expect(read.problem !== undefined || read.at === at).toBe(true)
        },
      ),
    )
  })

  test.each([
    ['2016-02-30 00:00:00', parseIsoWall],
    ['2016-06-03 24:00:00', parseIsoWall],
    ['2016-06-03', parseIsoWall],
    ['0016-06-03 00:00:00', parseIsoWall],
    ['31-02-2018', parseDayFirst],
    ['2018-02-01', parseDayFirst],
    ['13/01/2015 01:00:00 AM', parseAmericanWall],
    ['01/01/2015 13:00:00 PM', parseAmericanWall],
    ['01/01/2015 00:30:00 AM', parseAmericanWall],
  ])('%s is no time', (text, parse) => {
    expect(parse(text)).toBeUndefined()
  })

  test('12 AM is midnight and 12 PM is noon', () => {
    expect(parseAmericanWall('01/16/2015 12:00:00 AM')).toBe(utc('2015-01-16T00:00:00Z'))
    expect(parseAmericanWall('01/16/2015 12:00:00 PM')).toBe(utc('2015-01-16T12:00:00Z'))
  })
})

describe('tables', () => {
  const rowsOf = (text: string) =>
    withRecording({ 't.csv': text }, async (dir) => {
      const problems = createProblemLog()
      const rows = []
      for await (const row of readTable(`${dir}/t.csv`, { columns: ['a', 'b'], problems })) rows.push(row)
      return { rows, problems: problems.counts() }
    })

  test('columns in any order, CRLF, a byte-order mark, quotes, empty lines', async () => {
    expect((await rowsOf('\uFEFFc,b,a\r\n1,"x, ""y""",3\r\n\r\n4,5,6\r\n')).rows).toEqual([
      { a: '3', b: 'x, "y"', place: 't.csv:2' },
      { a: '6', b: '5', place: 't.csv:4' },
    ])
  })

  test('reports a broken row with its line and keeps the others', async () => {
    const { rows, problems } = await rowsOf('a,b\n1,2\n"3,4\n5\n6,7,8\n9,10\n')
    expect(rows.map(({ a }) => a)).toEqual(['1', '9'])
    expect(problems).toEqual([
      { reason: 'broken-row', count: 3, examples: ['t.csv:3: "3,4', 't.csv:4: 5', 't.csv:5: 6,7,8'] },
    ])
  })

  test.each([
    ['a column is missing', 'a,c\n1,2\n', 't.csv has no column b'],
    ['nothing is in it', '', 'is empty'],
  ])('%s: the file is refused', async (_name, text, message) => {
    await expect(rowsOf(text)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    })
  })
})

describe('names', () => {
  test('different originals get different valid ids, the same original always the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 100 })), (originals) => {
        const idOf = createIds()
        const ids = originals.map(idOf)
        expect(new Set(ids).size).toBe(originals.length)
        for (const id of ids) expect(id).toMatch(idPattern)
        expect(originals.map(idOf)).toEqual(ids)
      }),
    )
  })

  test('a name is one non-empty line', () => {
    expect([toName(' a\n\tb\u0000 '), toName('\n'), toName('x'.repeat(300)).length]).toEqual([
      'a b',
      '?',
      200,
    ])
  })

  test.each(['', ' ', 'nan', '0x10', '1,5', '--1', 'Infinity', '1.'])('%j is no number', (text) => {
    expect(parseDecimal(text)).toBeUndefined()
  })
})

describe('sensor kinds', () => {
  test.each([
    ['Front door', 'door', 'entrance'],
    ['frontdoor', 'door', 'entrance'],
    ['Maindoor', 'door', 'entrance'],
    ['Voordeur', 'door', 'entrance'],
    ['Hall-Bedroom door', 'door', 'interior'],
    ['toilet door', 'door', 'interior'],
    ['Door', 'door', 'interior'],
    ['Groceries Cupboard', 'door', 'cabinet'],
    ['kwik cutlary drawer', 'door', 'cabinet'],
    ['fridge', 'door', 'cabinet'],
    ['Medicine cabinet A', 'door', 'cabinet'],
    ['Toilet Flush', 'motion', 'flush'],
    ['press bed links', 'motion', 'bed'],
    ['PIR slaapkamer', 'motion', 'movement'],
    ['Microwave', 'motion', 'appliance'],
    ['kwik stove lid', 'motion', 'appliance'],
    ['Light switch A', 'motion', 'appliance'],
    ['Washing machine', 'motion', 'appliance'],
    ['something', 'motion', undefined],
  ])('%s is %s %s', (name, type, role) => {
    expect(sensorKind(name)).toEqual(role === undefined ? { type } : { type, role })
  })
})

describe('message log', () => {
  const device = { site: 's', type: 'door', id: 'd' }
  const HOUR = 3600_000
  const at = (hours: number) => utc('2026-03-01T00:00:00Z') + hours * HOUR
  const reading = (hours: number, values: Record<string, unknown>) =>
    ({ at: at(hours), device, channel: 'telemetry', values, place: 'f:1' }) as const
  const payloads = (log: ReturnType<typeof createMessageLog>) =>
    [...log.lines().lines].map((line) => JSON.parse(line).payload)

  test('sorts by time, numbers per device, keeps the order of the same time', () => {
    const log = createMessageLog({ problems: createProblemLog() })
    log.add(reading(2, { contact: false }))
    log.add(reading(1, { contact: true }))
    log.add(reading(2, { contact: true }))
    expect(payloads(log)).toEqual([
      { ts: '2026-03-01T01:00:00.000Z', seq: 1, contact: true },
      { ts: '2026-03-01T02:00:00.000Z', seq: 2, contact: false },
      { ts: '2026-03-01T02:00:00.000Z', seq: 3, contact: true },
    ])
  })

  test('drops and reports invalid values, keeps the rest, omits empty messages', () => {
    const problems = createProblemLog()
    const log = createMessageLog({ problems })
    log.add(reading(0, { contact: 'open', openCount: 3 }))
    log.add(reading(1, { openCount: -1, colour: 'red' }))
    expect(payloads(log)).toEqual([{ ts: '2026-03-01T00:00:00.000Z', seq: 1, openCount: 3 }])
    expect(problems.counts().map(({ reason }) => reason)).toEqual([
      'contact-wrong-type',
      'openCount-out-of-range',
      'colour-unknown-field',
    ])
  })

  test('heartbeats fill a silence up to the last message, not beyond', () => {
    const log = createMessageLog({ problems: createProblemLog(), heartbeats: true })
    for (const hours of [0, 24, 96.5]) log.add(reading(hours, { contact: true }))
    expect(payloads(log).map(({ seq, state, ts }) => [seq, state, (utc(ts) - at(0)) / HOUR])).toEqual([
      [1, undefined, 0],
      [2, undefined, 24],
      [3, 'online', 48],
      [4, 'online', 72],
      [5, 'online', 96],
      [6, undefined, 96.5],
    ])
  })

  test('heartbeats start at installedSince; a pause of the recording has none', () => {
    const log = createMessageLog({ problems: createProblemLog(), heartbeats: true })
    log.installedSince(device, at(0))
    for (const hours of [50, 50 + 31 * 24]) log.add(reading(hours, { contact: true }))
    expect(payloads(log).map(({ state, ts }) => [state, (utc(ts) - at(0)) / HOUR])).toEqual([
      ['online', 24],
      ['online', 48],
      [undefined, 50],
      [undefined, 50 + 31 * 24],
    ])
  })
})

test('counts all problems and keeps the first five as examples', () => {
  const problems = createProblemLog()
  for (let n = 1; n <= 9; n++) problems.add('broken-row', `f:${n}`, 'x'.repeat(500))
  const [first] = problems.counts()
  expect([first?.count, first?.examples.length, (first?.examples[0]?.length ?? 999) < 140]).toEqual([
    9,
    5,
    true,
  ])
})
