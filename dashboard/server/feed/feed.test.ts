import type { Socket as TcpSocket } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import type { FeedState } from '../../../model/feed-state.ts'
import type { Records } from '../../../model/ports/records.ts'
import type { createFeedClient, FeedClient } from '../../../tests/support/feed-client.ts'
import { startHub, type TestHub } from '../../../tests/support/hub.ts'
import { until } from '../../../tests/support/until.ts'

let hub: TestHub
let duty: string
let clients: FeedClient[]

beforeEach(async () => {
  clients = []
  hub = await startHub()
  duty = await hub.cookieOf('duty-officer')
})
afterEach(async () => {
  for (const client of clients) client.close()
  await hub.stop()
})

function open(cookie = duty, options: Partial<Parameters<typeof createFeedClient>[0]> = {}): FeedClient {
  const client = hub.feed(cookie, options)
  clients.push(client)
  return client
}

const byId = <T extends { readonly id: string }>(values: Iterable<T>): T[] =>
  [...values].sort((a, b) => (a.id < b.id ? -1 : 1))
const contents = ({ alerts, cases, workOrders }: FeedState) => ({
  alerts: byId(alerts.values()),
  cases: byId(cases.values()),
  workOrders: byId(workOrders.values()),
})
async function truth(records: Records) {
  return {
    alerts: byId(await records.alerts.open()),
    cases: byId(await records.cases.open()),
    workOrders: byId(await records.workOrders.open()),
  }
}

/** The console has come as far as the log. */
async function level(client: FeedClient): Promise<void> {
  const { seq } = await hub.records.changes.head()
  await until(`the console to reach ${seq}`, () => client.state().cursor?.seq === seq)
}

const raise = (from: number, to: number) =>
  hub.find(...Array.from({ length: to - from }, (_, n) => ({ episode: `e${from + n}` })))

describe('coming level', () => {
  test('a new console gets a snapshot, then each change as it comes', async () => {
    await raise(0, 3)
    const client = open()
    await level(client)
    expect(client.snapshots).toHaveLength(1)
    await raise(3, 6)
    await level(client)
    expect(client.applied).toEqual([4, 5, 6])
    expect(contents(client.state())).toEqual(await truth(hub.records))
  })

  test('a snapshot of nothing is a snapshot too', async () => {
    const client = open()
    await until('the empty snapshot', () => client.state().cursor !== null)
    expect(client.state().cursor?.seq).toBe(0)
  })

  test('a console that comes back gets exactly what it missed', async () => {
    await raise(0, 3)
    const first = open()
    await level(first)
    first.close()
    await raise(3, 250)
    const second = open(duty, { state: first.state() })
    await level(second)
    expect(second.snapshots).toEqual([])
    expect(second.applied).toEqual(Array.from({ length: 247 }, (_, n) => n + 4))
    expect(contents(second.state())).toEqual(await truth(hub.records))
  })

  test('a snapshot comes in pages and is replaced whole', async () => {
    await raise(0, 350)
    const client = open()
    await level(client)
    expect(client.state().alerts.size).toBe(350)
    expect(client.gaps).toEqual([])
  })

  test.each([
    ['of another epoch', { epoch: 'other', seq: 1 }],
    ['ahead of the log', { epoch: '', seq: 1_000_000 }],
    ['that is nonsense', { epoch: 7, seq: -1 }],
  ])('a cursor %s gets a snapshot', async (_name, cursor) => {
    await raise(0, 3)
    const { epoch } = await hub.records.changes.head()
    const client = open()
    await level(client)
    client.resume({ ...cursor, epoch: cursor.epoch || epoch } as never)
    await until('another snapshot', () => client.snapshots.length === 2)
    expect(client.state().cursor).toEqual({ epoch, seq: 3 })
  })

  test('a cursor older than the log gets a snapshot', async () => {
    await raise(0, 3)
    const first = open()
    await level(first)
    first.close()
    hub.clock.advance(1000)
    await raise(3, 6)
    hub.clock.advance(1000)
    await raise(6, 8)
    await hub.records.changes.trim(hub.clock.now())
    const second = open(duty, { state: first.state() })
    await level(second)
    expect(second.snapshots).toEqual([8])
    expect(contents(second.state())).toEqual(await truth(hub.records))
  })

  test('a change that was missed shows as a gap and is asked for again', async () => {
    await raise(0, 2)
    const client = open()
    await level(client)
    const state = client.state()
    const cursor = { epoch: state.cursor?.epoch ?? '', seq: 1 }
    const behind = open(duty, { state: { ...state, cursor } })
    await level(behind)
    expect(behind.applied).toEqual([2])
    expect(behind.snapshots).toEqual([])
  })

  test('what happens while pages are held back is neither lost nor doubled', async () => {
    await raise(0, 250)
    let free: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    const client = open(duty, { beforeAck: () => held })
    await until('the first page', () => client.snapshots.length === 1)
    await raise(250, 400)
    await hub.post('/api/v1/alerts/e7/acknowledge', {}, duty)
    free()
    await level(client)
    await raise(400, 410)
    await level(client)
    expect(client.gaps).toEqual([])
    expect(new Set(client.applied).size).toBe(client.applied.length)
    expect(contents(client.state())).toEqual(await truth(hub.records))
  })

  test('what a console read ahead of the log reader is not told it again', async () => {
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
    const ahead = open()
    await level(ahead)
    hub.dashboard.wake()
    await raise(2, 4)
    await level(ahead)
    expect(ahead.applied).toEqual([8, 9])
    expect(ahead.repeats.concat(ahead.gaps)).toEqual([])
  })

  test('a crew is told of its own work orders only, on an unbroken chain', async () => {
    await raise(0, 6)
    const crew = open(await hub.cookieOf('crew'))
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
    const again = open(await hub.cookieOf('crew'), { state: crew.state() })
    await until('the fourth order', () => again.state().workOrders.size === 4)
    expect(again.snapshots).toEqual([])
  })
})

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

/** The TCP socket below a client. */
function tcpOf(client: FeedClient): TcpSocket {
  const engine = client.socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } }
  return engine.transport.ws._socket
}

describe('telemetry and ticks', () => {
  const reading = (device: string, n: number) => ({
    device,
    ts: n,
    receivedAt: n,
    online: true,
    values: { powerConsumption: n },
  })

  test('a watched device comes at once, then only its newest value, at most twice a second', async () => {
    hub.heard([reading('lamp-1', 1), reading('lamp-2', 1)])
    const client = open()
    await client.connected()
    client.socket.emit('watch', ['lamp-1', 'nothing-here'])
    await until('the first value', () => {
      hub.clock.advance(500)
      return client.telemetry.length === 1
    })
    expect(client.telemetry[0]).toEqual([reading('lamp-1', 1)])
    for (let n = 2; n <= 50; n++) hub.heard([reading('lamp-1', n), reading('lamp-2', n)])
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

  test('a tick every two seconds says how the hub stands, and finds changes nobody woke it for', async () => {
    const client = open()
    await level(client)
    hub.heard([reading('lamp-1', 1)])
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
    await level(client)
  })
})

describe('who may listen', () => {
  const refusal = async (client: FeedClient): Promise<string> => {
    const error = await client.connected().then(
      () => undefined,
      (reason: { context?: { statusText?: string }; description?: { message?: string }; message: string }) =>
        reason,
    )
    return `${error?.description?.message ?? error?.message}`
  }

  test('a foreign origin with the right cookie is 403 at the handshake', async () => {
    expect(await refusal(open(duty, { origin: 'https://evil.example' }))).toContain('403')
  })

  test('no cookie, and a made-up one, are 401', async () => {
    expect(await refusal(open(''))).toContain('401')
    expect(await refusal(open(`linli_session=${'A'.repeat(43)}`))).toContain('401')
  })

  test('a crew member without a crew is 403', async () => {
    const user = await hub.records.users.get('crew')
    if (user) await hub.records.users.put({ ...user, login: 'loose', crew: null })
    expect(await refusal(open(await hub.cookieOf('loose')))).toContain('403')
  })

  test('the feed ends at once with the sign-out, and within a minute for a disabled or changed user', async () => {
    const own = await hub.cookieOf('duty-officer')
    const leaver = open(own)
    const others = [open(await hub.cookieOf('supervisor')), open(await hub.cookieOf('grid-worker')), open()]
    for (const client of [leaver, ...others]) await level(client)
    await hub.post('/api/v1/logout', {}, own)
    await until('the end of the feed', () => leaver.ended() === 'io server disconnect')

    const supervisor = await hub.records.users.get('supervisor')
    const worker = await hub.records.users.get('grid-worker')
    if (supervisor) await hub.records.users.put({ ...supervisor, disabled: true })
    if (worker) await hub.records.users.put({ ...worker, role: 'crew', crew: 'crew-1' })
    hub.clock.advance(60_000)
    await until('the end of both', () => others[0]?.ended() && others[1]?.ended())
    expect(others[2]?.ended()).toBeUndefined()
    await hub.dashboard.signOut('duty-officer')
    await until('the end of the last', () => others[2]?.ended() === 'io server disconnect')
    expect((await hub.get('/api/v1/me', duty)).status).toBe(401)
  })

  test('no more consoles than the settings allow', async () => {
    const small = await startHub({ dashboard: { maxConsoles: 1 } })
    const cookie = await small.cookieOf('crew')
    const first = small.feed(cookie)
    await until('the first', () => first.state().cursor)
    const second = small.feed(cookie)
    expect(await refusal(second)).toContain('503')
    first.close()
    second.close()
    await small.stop()
  })
})

describe('what a console may not do', () => {
  test('unknown and malformed events do nothing', async () => {
    const client = open()
    await level(client)
    const raw = client.socket as unknown as { emit(event: string, ...values: unknown[]): void }
    raw.emit('alert.acknowledge', 'e1', () => {})
    raw.emit('watch', { length: 1 })
    raw.emit(
      'watch',
      Array.from({ length: 501 }, (_, n) => `d${n}`),
    )
    raw.emit('__proto__', { polluted: true })
    raw.emit('resume', Buffer.from('binary'))
    await raise(0, 2)
    await level(client)
    expect(client.ended()).toBeUndefined()
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('an event of 1 MB ends its connection, the hub goes on', async () => {
    const client = open()
    await level(client)
    const raw = client.socket as unknown as { emit(event: string, ...values: unknown[]): void }
    raw.emit('watch', ['x'.repeat(1_000_000)])
    await until('the end', () => client.ended())
    await level(open())
  })

  test('a thousand events in a second end the connection', async () => {
    const client = open()
    await level(client)
    for (let n = 0; n < 1000; n++) client.socket.emit('watch', [])
    await until('the end', () => client.ended())
    await level(open())
  })

  test('long polling is not offered', async () => {
    const answer = await hub.get('/socket.io/?EIO=4&transport=polling', duty)
    expect(answer.status).toBe(400)
  })

  test('the hub stops within a second or two with consoles open, frozen ones too', async () => {
    const good = open()
    const frozen = open()
    await level(good)
    await level(frozen)
    tcpOf(frozen).pause()
    await raise(0, 300)
    await hub.dashboard.stop()
    await until('the end', () => good.ended())
    tcpOf(frozen).destroy()
    expect(hub.dashboard.address()).toBeUndefined()
  }, 4000)
})
