import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type FeedHarness,
  recordContents,
  startFeedHarness,
  stateContents,
} from '../../../tests/support/feed-harness.ts'
import type { TestHub } from '../../../tests/support/hub.ts'
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

describe('catch-up', () => {
  test('a new console gets a snapshot, then each change as it comes', async () => {
    await raise(0, 3)
    const client = connect()
    await synced(client)
    expect(client.snapshots).toHaveLength(1)
    await raise(3, 6)
    await synced(client)
    expect(client.applied).toEqual([4, 5, 6])
    expect(stateContents(client.state())).toEqual(await recordContents(hub.records))
  })

  test('sends a snapshot also when nothing is open', async () => {
    const client = connect()
    await until('the empty snapshot', () => client.state().cursor !== null)
    expect(client.state().cursor?.seq).toBe(0)
  })

  test('a console that reconnects gets exactly the missing changes', async () => {
    await raise(0, 3)
    const first = connect()
    await synced(first)
    first.close()
    await raise(3, 250)
    const second = connect(duty, { state: first.state() })
    await synced(second)
    expect(second.snapshots).toEqual([])
    expect(second.applied).toEqual(Array.from({ length: 247 }, (_, n) => n + 4))
    expect(stateContents(second.state())).toEqual(await recordContents(hub.records))
  })

  test('a snapshot comes in pages', async () => {
    await raise(0, 350)
    const client = connect()
    await synced(client)
    expect(client.state().alerts.size).toBe(350)
    expect(client.gaps).toEqual([])
  })

  test.each([
    ['of another epoch', { epoch: 'other', seq: 1 }],
    ['ahead of the log', { epoch: '', seq: 1_000_000 }],
    ['that is malformed', { epoch: 7, seq: -1 }],
  ])('a cursor %s gets a snapshot', async (_name, cursor) => {
    await raise(0, 3)
    const { epoch } = await hub.records.changes.head()
    const client = connect()
    await synced(client)
    client.resume({ ...cursor, epoch: cursor.epoch || epoch } as never)
    await until('another snapshot', () => client.snapshots.length === 2)
    expect(client.state().cursor).toEqual({ epoch, seq: 3 })
  })

  test('sends a snapshot for a cursor older than the log', async () => {
    await raise(0, 3)
    const first = connect()
    await synced(first)
    first.close()
    hub.clock.advance(1000)
    await raise(3, 6)
    hub.clock.advance(1000)
    await raise(6, 8)
    await hub.records.changes.trim(hub.clock.now())
    const second = connect(duty, { state: first.state() })
    await synced(second)
    expect(second.snapshots).toEqual([8])
    expect(stateContents(second.state())).toEqual(await recordContents(hub.records))
  })

  test('sends a missed change again', async () => {
    await raise(0, 2)
    const client = connect()
    await synced(client)
    const state = client.state()
    const cursor = { epoch: state.cursor?.epoch ?? '', seq: 1 }
    const behind = connect(duty, { state: { ...state, cursor } })
    await synced(behind)
    expect(behind.applied).toEqual([2])
    expect(behind.snapshots).toEqual([])
  })

  test('changes during a slow acknowledgement are neither lost nor sent twice', async () => {
    await raise(0, 250)
    let free: () => void = () => {}
    const blocked = new Promise<void>((resolve) => {
      free = resolve
    })
    const client = connect(duty, { beforeAck: () => blocked })
    await until('the first page', () => client.snapshots.length === 1)
    await raise(250, 400)
    await hub.post('/api/v1/alerts/e7/acknowledge', {}, duty)
    free()
    await synced(client)
    await raise(400, 410)
    await synced(client)
    expect(client.gaps).toEqual([])
    expect(new Set(client.applied).size).toBe(client.applied.length)
    expect(stateContents(client.state())).toEqual(await recordContents(hub.records))
  })

  test('changes read ahead of the log reader are not sent again', async () => {
    await raise(0, 2)
    const alert = await hub.records.alerts.get('e0')
    if (!alert) throw new Error('no such alert')
    const change = {
      at: 1,
      entity: 'alert',
      action: 'seen',
      actor: 'test',
      note: null,
      after: alert,
    } as const
    for (let n = 0; n < 5; n++) await hub.records.changes.append(change)
    const ahead = connect()
    await synced(ahead)
    hub.dashboard.publishChanges()
    await raise(2, 4)
    await synced(ahead)
    expect(ahead.applied).toEqual([8, 9])
    expect(ahead.repeats.concat(ahead.gaps)).toEqual([])
  })

  test('a crew receives only its own work orders, on an unbroken chain', async () => {
    await raise(0, 6)
    const crew = connect(await hub.cookieOf('crew'))
    await crew.connected()
    await until('its snapshot', () => crew.snapshots.length === 1)
    for (const [n, to] of ['crew-1', 'crew-2', 'crew-1', 'crew-2', 'crew-1'].entries()) {
      await hub.post(`/api/v1/alerts/e${n}/dispatch`, { crew: to }, duty)
    }
    await until('three orders', () => crew.state().workOrders.size === 3)
    expect(crew.gaps).toEqual([])
    expect(crew.state().alerts.size + crew.state().cases.size).toBe(0)
    hub.clock.advance(2000)
    await until('a tick', () => crew.ticks.length > 0)
    expect(crew.ticks.at(-1)?.head).toBe(crew.state().cursor?.seq)

    crew.close()
    await hub.post('/api/v1/alerts/e5/dispatch', { crew: 'crew-1' }, duty)
    const again = connect(await hub.cookieOf('crew'), { state: crew.state() })
    await until('the fourth order', () => again.state().workOrders.size === 4)
    expect(again.snapshots).toEqual([])
  })
})

describe('telemetry and ticks', () => {
  const reading = (device: string, n: number) => ({
    device,
    ts: n,
    receivedAt: n,
    online: true,
    values: { powerConsumption: n },
  })

  test('sends a watched device at once, then only its newest value, at most twice a second', async () => {
    hub.receive([reading('lamp-1', 1), reading('lamp-2', 1)])
    const client = connect()
    await client.connected()
    client.socket.emit('watch', ['lamp-1', 'nothing-here'])
    await until('the first value', () => {
      hub.clock.advance(500)
      return client.telemetry.length === 1
    })
    expect(client.telemetry[0]).toEqual([reading('lamp-1', 1)])
    for (let n = 2; n <= 50; n++) hub.receive([reading('lamp-1', n), reading('lamp-2', n)])
    await until('the newest value', () => {
      hub.clock.advance(500)
      return client.telemetry.length === 2
    })
    expect(client.telemetry[1]).toEqual([reading('lamp-1', 50)])
    hub.clock.advance(5000)
    client.socket.emit('watch', ['lamp-2'])
    await until('the other device', () => {
      hub.clock.advance(500)
      return client.telemetry.length === 3
    })
    expect(client.telemetry[2]).toEqual([reading('lamp-2', 50)])
  })

  test('sends the hub status every two seconds, and finds changes that were not signalled', async () => {
    const client = connect()
    await synced(client)
    hub.receive([reading('lamp-1', 1)])
    await hub.records.changes.append({
      at: 1,
      entity: 'case',
      action: 'opened',
      actor: 'import',
      note: null,
      after: { id: 'c', state: 'open' } as never,
    })
    hub.clock.advance(2000)
    await until('a tick', () => client.ticks.length === 1)
    expect(client.ticks[0]).toEqual({
      now: hub.clock.now(),
      head: 0,
      rulesBehind: 3,
      historyBehind: 4,
      devicesOnline: 1,
      devicesTotal: 2,
    })
    await synced(client)
  })
})
