import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import {
  type FeedHarness,
  recordContents,
  startFeedHarness,
  stateContents,
  tcpOf,
} from '../../../tests/support/feed-harness.ts'
import { startHub, type TestHub } from '../../../tests/support/hub.ts'
import { until } from '../../../tests/support/until.ts'

let hub: TestHub
let duty: string
let connect: FeedHarness['connect']
let synced: FeedHarness['synced']
let raise: FeedHarness['raise']
let close: FeedHarness['close']

beforeEach(async () => {
  ;({ hub, duty, connect, synced, raise, close } = await startFeedHarness())
})
afterEach(() => close())

describe('over an unreliable connection', () => {
  test('any disconnects, slow acknowledgements and resumes: no gaps, and the same state as the server', async () => {
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
          let client = connect(duty, { beforeAck: pause })
          const applied: number[] = []
          const reconnect = (): void => {
            client.socket.io.engine?.close()
            applied.push(...client.applied)
            expect(client.gaps).toEqual([])
            client = connect(duty, { beforeAck: pause, state: { ...client.state(), arriving: null } })
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
          await synced(client)
          applied.push(...client.applied)
          expect(client.gaps).toEqual([])
          expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b))
          expect(stateContents(client.state())).toEqual(await recordContents(hub.records))
          // Each run starts with an empty list.
          await store((await hub.records.alerts.open()).map((alert) => ({ ...alert, ...handled })))
          await synced(client)
          expect(client.state().alerts.size).toBe(0)
          client.close()
        },
      ),
      { numRuns: 15 },
    )
  }, 60_000)

  test('fifty consoles end in the same state', async () => {
    await raise(0, 120)
    const consoles = Array.from({ length: 50 }, () => connect())
    await raise(120, 220)
    for (const client of consoles) await synced(client)
    const expected = await recordContents(hub.records)
    for (const client of consoles) expect(stateContents(client.state())).toEqual(expected)
  })

  test('drops a console that does not read; the others are not delayed', async () => {
    const good = connect()
    const unresponsive = connect()
    await synced(good)
    await synced(unresponsive)
    const tcp = tcpOf(unresponsive)
    tcp.pause()
    const ended = new Promise<void>((resolve) => unresponsive.socket.once('disconnect', () => resolve()))
    await raise(0, 1)
    await repeat('e0', 4000)
    await synced(good)
    await until('the drop', () => hub.consoles() === 1, 10_000)
    tcp.resume()
    await ended
    expect(good.gaps).toEqual([])
    const back = connect(duty, { state: unresponsive.state() })
    await synced(back)
    expect(stateContents(back.state())).toEqual(stateContents(good.state()))
  }, 60_000)

  test('drops a console that never acknowledges', async () => {
    const strict = await startHub({ dashboard: { pageAckSeconds: 0.2 } })
    const silent = strict.feed(await strict.cookieOf('duty-officer'), { neverAck: true })
    await until('the drop', () => silent.endReason() === 'transport close')
    await strict.stop()
  })
})

/** Stores alerts and their changes as the alerts room does, without its decisions. */
async function store(alerts: readonly Alert[]): Promise<void> {
  await hub.records.transaction(async (tx) => {
    for (const after of alerts) {
      await tx.alerts.put(after)
      const change = { at: 1, entity: 'alert', action: 'stored', actor: 'test', note: null, after } as const
      await tx.changes.append(change)
    }
  })
  hub.dashboard.publishChanges()
}

/** Appends `times` changes of one alert with notes long enough to fill every buffer. */
async function repeat(id: string, times: number): Promise<void> {
  const alert = await hub.records.alerts.get(id)
  if (!alert) throw new Error('no such alert')
  const note = 'n'.repeat(10_000)
  const change = { at: 1, entity: 'alert', action: 'repeated', actor: 'test', note, after: alert } as const
  for (let done = 0; done < times; done += 200) {
    await hub.records.transaction(async (tx) => {
      for (let n = 0; n < 200; n++) await tx.changes.append(change)
    })
    hub.dashboard.publishChanges()
  }
}
