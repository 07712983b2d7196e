/** The figures that the READMEs of the lift, light and request recordings state, recomputed from the converted files. */
import { describe, expect, test } from 'vitest'
import { parseRequest, type RecordedRequest, requestLogHeader } from '../../model/recorded-request.ts'
import { convertFolder, convertMessages } from '../../tests/support/converted-recording.ts'
import { median } from '../../tests/support/figures.ts'
import { describeWith, recordingFolder, requirements } from '../../tests/support/requires.ts'

const HOUR = 3600_000

describeWith(requirements.recordings(), 'lift door sensors', () => {
  test('spreadsheet dates are dropped field by field, every row is kept', async () => {
    const { report, messages } = await convertMessages(
      'elevator-door-huawei',
      recordingFolder('elevator-door-huawei'),
    )
    const count = (reason: string) => report.problems.find((problem) => problem.reason === reason)?.count
    expect(messages.length).toBe(112_001)
    const without = (field: string) => messages.filter(({ payload }) => payload[field] === undefined).length
    const damaged = messages.filter(({ payload }) => Object.keys(payload).length < 5)
    expect([damaged.length, count('spreadsheet-date')]).toEqual([5763, 5763])
    // The dates are in two columns, in 14 rows in both.
    expect([without('doorVibration'), count('spreadsheet-date-in-vibration')]).toEqual([5242, 5242])
    expect([without('doorBearing'), count('spreadsheet-date-in-ball-bearing')]).toEqual([535, 535])
    expect([without('relativeHumidity'), report.problems.length]).toEqual([0, 3])
    const bearing = messages.flatMap(({ payload }) =>
      payload.doorBearing === undefined ? [] : [Number(payload.doorBearing)],
    )
    const humidity = messages.map(({ payload }) => Number(payload.relativeHumidity))
    expect([Math.min(...bearing), Math.max(...bearing)]).toEqual([16.933, 93.744])
    expect([Math.min(...humidity), Math.max(...humidity)]).toEqual([72.399, 75.4])
    expect((messages.at(-1)?.at ?? 0) - (messages[0]?.at ?? 0)).toBe(112_000 * 250)
  })
})

describeWith(requirements.recordings(), 'lift outages', () => {
  test('durations, promises and reasons', async () => {
    const { report, messages } = await convertMessages(
      'elevators-mta-outages-2018',
      recordingFolder('elevators-mta-outages-2018'),
    )
    const events = messages.filter(({ channel }) => channel === 'event')
    const begun = events.filter(({ payload }) => payload.type === 'out-of-service')
    const ends = new Map(
      events
        .filter(({ payload }) => payload.type === 'back-in-service')
        .map(({ payload, at }) => [payload.outage, at]),
    )
    const over = begun.flatMap(({ at, payload }) => {
      const end = ends.get(payload.outage)
      return end === undefined
        ? []
        : [{ hours: (end - at) / HOUR, late: end > Date.parse(String(payload.estimatedReturn)) }]
    })
    const perLift = [...Map.groupBy(begun, ({ device }) => device)].map(([id, list]) => ({
      id,
      outages: list.length,
    }))
    const reasons = Map.groupBy(begun, ({ payload }) => payload.reason)
    expect({
      rows: report.rows,
      begun: begun.length,
      lifts: perLift.length,
      median: median(over.map(({ hours }) => hours)),
      over24: over.filter(({ hours }) => hours > 24).length,
      open: begun.length - over.length,
      late: over.filter(({ late }) => late).length,
      busiest: perLift.sort((a, b) => b.outages - a.outages)[0],
      reasons: ['Under Investigation', 'Maintenance', 'Repair', 'Inspection'].map(
        (word) => reasons.get(word)?.length,
      ),
    }).toEqual({
      rows: 3391,
      begun: 3391,
      lifts: 224,
      median: expect.closeTo(3.44, 2),
      over24: 99,
      open: 8,
      late: 483,
      busiest: { id: 'EL244', outages: 61 },
      reasons: [1471, 952, 760, 116],
    })
  })
})

describeWith(requirements.recordings(), 'lighting cabinet', () => {
  const converted = convertMessages(
    'lights-slightlimon-cabinet',
    recordingFolder('lights-slightlimon-cabinet'),
  )
  const MINUTES = 1440
  /** Oldest day first; a day's minutes by their number. */
  const days = converted.then(({ messages }) => {
    const start = messages[0]?.at ?? 0
    const list = Array.from({ length: 6 }, () => new Map<number, { power: number; voltage: number }>())
    for (const { at, payload } of messages) {
      const minute = (at - start) / 60_000
      list[Math.floor(minute / MINUTES)]?.set(minute % MINUTES, {
        power: Number(payload.activePowerR),
        voltage: Number(payload.voltageR),
      })
    }
    return list
  })

  test('days are in time order: switching on moves later, off earlier', async () => {
    const lit = (await days).map((day) =>
      [...day].filter(([, { power }]) => power > 0).map(([minute]) => minute),
    )
    expect(lit.map((minutes) => Math.min(...minutes))).toEqual([574, 576, 577, 579, 581, 583])
    expect(lit.map((minutes) => Math.max(...minutes))).toEqual([1349, 1348, 1347, 1345, 1344, 1343])
  })

  test('59 minutes are missing, in gaps of 21 and 38, and give no readings', async () => {
    const { report } = await converted
    expect(report.problems.find(({ reason }) => reason === 'missing-minute')?.count).toBe(59)
    const gaps = (await days).map((day) =>
      Array.from({ length: MINUTES }, (_, n) => n).filter((n) => !day.has(n)),
    )
    expect(gaps.map((minutes) => [minutes.length, minutes[0]])).toEqual([
      [0, undefined],
      [0, undefined],
      [0, undefined],
      [38, 1189],
      [0, undefined],
      [21, 35],
    ])
  })

  test('energy a night and voltage', async () => {
    const all = await days
    const energy = all.map((day) => [...day.values()].reduce((sum, { power }) => sum + power / 60, 0))
    expect([Math.min(...energy), Math.max(...energy)]).toEqual([
      expect.closeTo(66.7, 1),
      expect.closeTo(70.9, 1),
    ])
    expect(energy.indexOf(Math.min(...energy))).toBe(3)
    const volts = all.flatMap((day) => [...day.values()].map(({ voltage }) => voltage))
    expect([Math.min(...volts), Math.max(...volts)]).toEqual([
      expect.closeTo(219.6, 1),
      expect.closeTo(228.4, 1),
    ])
  })
})

async function requestFacts(dir: string) {
  const { lines, report, community } = await convertFolder('requests-boston311-2015', dir)
  expect(JSON.parse(lines[0] ?? '')).toEqual(requestLogHeader)
  const requests = lines.slice(1).map((line): RecordedRequest => {
    const request = parseRequest(line)
    if ('fault' in request) throw new Error(request.fault)
    return request
  })
  const crews = new Set(community.crews.map(({ id }) => id))
  const grids = new Set(community.grids.map(({ id }) => id))
  expect(
    requests.filter(({ crew, grid }) => !crews.has(crew ?? '') || (grid !== null && !grids.has(grid))),
  ).toEqual([])
  const hours = (of: readonly RecordedRequest[], until: 'closedAt' | 'targetAt') =>
    median(
      of.flatMap((request) => {
        const end = request[until]
        return end === null ? [] : [(Date.parse(end) - Date.parse(request.openedAt)) / HOUR]
      }),
    )
  const facts = [...Map.groupBy(requests, ({ type }) => type)].map(([type, own]) => [
    type,
    {
      count: own.length,
      closed: hours(own, 'closedAt'),
      target: hours(own, 'targetAt'),
      onTime: own.filter(({ onTime }) => onTime === true).length,
      overdue: own.filter(({ onTime }) => onTime === false).length,
      duplicates: own.filter(({ outcome }) => outcome === 'Duplicate of Existing Case').length,
    },
  ])
  return { rows: report.rows, ...Object.fromEntries(facts) }
}

describe('requests', () => {
  test('excerpt', async () => {
    const dir = new URL('../../tests/fixtures/requests-boston311-2015/', import.meta.url).pathname
    expect(await requestFacts(dir)).toMatchObject({
      rows: 289,
      'Street Light Outages': {
        count: 199,
        closed: expect.closeTo(52.39, 0),
        onTime: 129,
        overdue: 67,
        duplicates: 4,
      },
      'Street Light Knock Downs': { count: 15, closed: expect.closeTo(5.96, 1), onTime: 14, overdue: 1 },
      'Empty Litter Basket': {
        count: 75,
        closed: expect.closeTo(5.99, 1),
        onTime: 51,
        overdue: 24,
        duplicates: 2,
      },
    })
  })
})

describeWith(requirements.recordings(), 'all requests', () => {
  test('times to close, targets, on-time flags, duplicates', async () => {
    expect(await requestFacts(recordingFolder('requests-boston311-2015'))).toMatchObject({
      rows: 11_528,
      'Street Light Outages': {
        count: 7956,
        closed: expect.closeTo(86.7, 1),
        target: expect.closeTo(360, 0),
        onTime: 5212,
        overdue: 2659,
        duplicates: 153,
      },
      'Street Light Knock Downs': {
        count: 599,
        closed: expect.closeTo(6.4, 1),
        target: expect.closeTo(36, 0),
      },
      'Empty Litter Basket': { count: 2973, closed: expect.closeTo(7.5, 1), target: expect.closeTo(38, 0) },
    })
  })
})
