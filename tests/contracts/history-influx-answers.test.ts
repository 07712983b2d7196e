/** Every way in which InfluxDB may answer a write: nothing lost, nothing doubled, one bad point costs only itself. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { History } from '../../model/ports/history.ts'
import { openInfluxHistory } from '../../storage/history/influx/open.ts'
import { reading } from './history.ts'
import { type Answer, type FakeInflux, startFakeInflux } from './history-fake-influx.ts'

const T0 = 1_772_323_200_000
const batch = (count: number) =>
  Array.from({ length: count }, (_, index) => reading(index + 1, T0 + index, { carSpeed: index }))

const isReading = (line: string): boolean => line.startsWith('elevator,')
const isBad = (line: string): boolean => isReading(line) && line.includes('carSpeed=13,')

describe('InfluxDB answers', () => {
  let server: FakeInflux
  let history: History
  beforeEach(async () => {
    server = await startFakeInflux()
    history = open()
  })
  afterEach(async () => {
    await history.close()
    await server.close()
  })

  function open(): History {
    return openInfluxHistory({
      url: server.url,
      org: 'o',
      bucket: 'b',
      token: 't',
      timeoutMs: 300,
      linesPerRequest: 50,
    })
  }
  const stored = () => [...server.points.values()].filter(isReading).length
  const onReadings = (answer: (lines: readonly string[], call: number) => Answer | undefined) => {
    let call = 0
    server.answer = (lines) => (lines.some(isReading) ? answer(lines, ++call) : undefined)
  }

  test('healthy: requests of a bounded size, then the cursor, last', async () => {
    await history.write(batch(120), 120)
    expect(server.writes.map((lines) => lines.length)).toEqual([50, 50, 20, 1, 1])
    expect(server.writes.at(-1)?.[0]).toContain('linli_state,key=cursor value=120i')
    expect(stored()).toBe(120)
  })

  const refusals: [string, Answer][] = [
    ['400, nothing stored', { status: 400, body: '{"code":"invalid","message":"unable to parse"}' }],
    [
      '400, the good points stored',
      {
        status: 400,
        body: '{"error":"partial write: type conflict dropped=1"}',
        stores: (line) => !isBad(line),
      },
    ],
    [
      '422, the good points stored',
      { status: 422, body: '{"message":"partial write: dropped=1"}', stores: (line) => !isBad(line) },
    ],
    ['422, nothing stored', { status: 422, body: 'unprocessable' }],
  ]
  test.each(refusals)('%s: the bad point is found and counted, all others are stored', async (_, refusal) => {
    onReadings((lines) => (lines.some(isBad) ? refusal : undefined))
    expect(await history.write(batch(120), 120)).toEqual({ refused: 1 })
    expect(stored()).toBe(119)
    expect(await history.cursor()).toBe(120)
  })

  test('a request of which everything is refused is not taken apart', async () => {
    onReadings((lines) => ({
      status: 422,
      body: `partial write: points beyond retention dropped=${lines.length}`,
    }))
    expect(await history.write(batch(50), 50)).toEqual({ refused: 50 })
    expect(server.writes).toHaveLength(3)
  })

  test('413: smaller requests; a point that is too large alone is counted', async () => {
    onReadings((lines) => (lines.length > 10 || lines.some(isBad) ? { status: 413 } : undefined))
    expect(await history.write(batch(120), 120)).toEqual({ refused: 1 })
    expect(stored()).toBe(119)
  })

  const outages: [string, Answer, RegExp][] = [
    ['401', { status: 401, body: '{"message":"unauthorized access"}' }, /401: .*unauthorized access/],
    ['404', { status: 404, body: '{"message":"bucket not found"}' }, /404: .*bucket not found/],
    ['500', { status: 500, body: 'engine closed' }, /500: engine closed/],
    ['a proxy that says 200', { status: 200, body: '<html>' }, /204 HTTP response status code expected/],
    ['no answer', { status: 0 }, /does not answer/],
    ['no answer though everything is stored', { status: 0, stores: () => true }, /does not answer/],
  ]
  test.each(outages)(
    '%s: the cursor waits; once over, nothing is lost or doubled',
    async (_, outage, words) => {
      onReadings((_lines, call) => (call === 2 ? outage : undefined))
      const failed = history.write(batch(120), 120)
      await expect(failed).rejects.toMatchObject({
        code: 'HISTORY_UNAVAILABLE',
        message: expect.stringMatching(words),
      })
      expect(await history.cursor()).toBe(0)
      await history.close()
      history = open()
      expect(await history.cursor()).toBe(0)
      expect(await history.write(batch(120), 120)).toEqual({ refused: 0 })
      expect(stored()).toBe(120)
      expect(await history.cursor()).toBe(120)
    },
  )

  test.each([429, 503])('%i with Retry-After says how long to wait', async (status) => {
    onReadings(() => ({ status, headers: { 'retry-after': '7' } }))
    await expect(history.write(batch(5), 5)).rejects.toMatchObject({
      code: 'HISTORY_UNAVAILABLE',
      retryAfter: 7000,
    })
  })

  test('the hub being unable to keep its own records is an outage, not a refused reading', async () => {
    server.answer = (lines) =>
      lines[0]?.startsWith('linli_') ? { status: 422, body: 'conflict' } : undefined
    await expect(history.write(batch(5), 5)).rejects.toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
    server.answer = undefined
    expect(await history.write(batch(5), 5)).toEqual({ refused: 0 })
    expect(stored()).toBe(5)
  })
})
