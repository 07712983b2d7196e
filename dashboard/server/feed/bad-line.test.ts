import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import { contents, type FeedRoom, openFeedRoom, tcpOf, truth } from '../../../tests/support/feed-room.ts'
import { startHub, type TestHub } from '../../../tests/support/hub.ts'
import { until } from '../../../tests/support/until.ts'

let hub: TestHub
let duty: string
let open: FeedRoom['open']
let level: FeedRoom['level']
let raise: FeedRoom['raise']
let close: FeedRoom['close']

beforeEach(async () => {
  ;({ hub, duty, open, level, raise, close } = await openFeedRoom())
})
afterEach(() => close())

describe('over a bad line', () => {
  test('any disconnects, slow acknowledgements and resumes: gap-free, and the same as the server', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('raise' as const), n: fc.integer({ min: 1, max: 130 }) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), n: fc.nat(40) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const), n: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), n: fc.nat(2) }) },
    )
    await raise(0, 1)
    const model = await hub.records.alerts.get('e0')
    if (!model) throw new Error('no alert to copy')
    const handled = { condition: 'cleared', attention: 'acknowledged' } as const
    let next = 1
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.nat(3),
        async (steps, slowness) => {
          const startAt = next
          const pause = async (): Promise<void> => {
            for (let n = 0; n < slowness; n++) await new Promise((resolve) => setImmediate(resolve))
          }
          let client = open(duty, { beforeAck: pause })
          const applied: number[] = []
          const reconnect = (): void => {
            client.socket.io.engine?.close()
            applied.push(...client.applied)
            expect(client.gaps).toEqual([])
            client = open(duty, { beforeAck: pause, state: { ...client.state(), arriving: null } })
          }
          for (const { do: what, n } of steps) {
            if (what === 'raise') {
              await raise(next, next + n)
              next += n
            } else if (what === 'change' && next > startAt) {
              const id = `e${startAt + (n % (next - startAt))}`
              await hub.post(`/api/v1/alerts/${id}/acknowledge`, {}, duty)
              await hub.post(`/api/v1/alerts/${id}/clear`, { note: 'seen' }, duty)
            } else if (what === 'cut') {
              for (let turn = 0; turn < n; turn++) await new Promise((resolve) => setImmediate(resolve))
              reconnect()
            } else if (what === 'resume') client.resume()
          }
          await level(client)
          applied.push(...client.applied)
          expect(client.gaps).toEqual([])
          expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b))
          expect(contents(client.state())).toEqual(await truth(hub.records))
          // So that every run begins with little.
          await store((await hub.records.alerts.open()).map((alert) => ({ ...alert, ...handled })))
          await level(client)
          expect(client.state().alerts.size).toBe(0)
          client.close()
        },
      ),
      { numRuns: 15 },
    )
  }, 60_000)

  test('fifty consoles at once all come to the same', async () => {
    await raise(0, 120)
    const consoles = Array.from({ length: 50 }, () => open())
    await raise(120, 220)
    for (const client of consoles) await level(client)
    const expected = await truth(hub.records)
    for (const client of consoles) expect(contents(client.state())).toEqual(expected)
  })

  test('a console that reads nothing is cut, the others are not held up', async () => {
    const good = open()
    const frozen = open()
    await level(good)
    await level(frozen)
    const tcp = tcpOf(frozen)
    tcp.pause()
    const ended = new Promise<void>((resolve) => frozen.socket.once('disconnect', () => resolve()))
    await raise(0, 1)
    await repeat('e0', 4000)
    await level(good)
    await until('the cut', () => hub.consoles() === 1, 10_000)
    tcp.resume()
    await ended
    expect(good.gaps).toEqual([])
    const back = open(duty, { state: frozen.state() })
    await level(back)
    expect(contents(back.state())).toEqual(contents(good.state()))
  }, 60_000)

  test('a console that never acknowledges is cut', async () => {
    const impatient = await startHub({ dashboard: { pageAckSeconds: 0.2 } })
    const mute = impatient.feed(await impatient.cookieOf('duty-officer'), { mute: true })
    await until('the cut', () => mute.ended() === 'transport close')
    await impatient.stop()
  })
})

/** Stores alerts and their changes as a commit of the alerts room does, without its other work. */
async function store(alerts: readonly Alert[]): Promise<void> {
  await hub.records.transaction(async (tx) => {
    for (const after of alerts) {
      await tx.alerts.put(after)
      const change = { at: 1, entity: 'alert', action: 'stored', actor: 'test', note: null, after } as const
      await tx.changes.append(change)
    }
  })
  hub.dashboard.wake()
}

/** Appends `times` changes of one alert with notes so long that no line can swallow them all. */
async function repeat(id: string, times: number): Promise<void> {
  const alert = await hub.records.alerts.get(id)
  if (!alert) throw new Error('no such alert')
  const note = 'n'.repeat(10_000)
  const change = { at: 1, entity: 'alert', action: 'repeated', actor: 'test', note, after: alert } as const
  for (let done = 0; done < times; done += 200) {
    await hub.records.transaction(async (tx) => {
      for (let n = 0; n < 200; n++) await tx.changes.append(change)
    })
    hub.dashboard.wake()
  }
}
