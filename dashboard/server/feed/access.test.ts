import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FeedClient } from '../../../tests/support/feed-client.ts'
import { type FeedHarness, startFeedHarness, tcpOf } from '../../../tests/support/feed-harness.ts'
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

describe('handshake', () => {
  const refusal = async (client: FeedClient): Promise<string> => {
    const error = await client.connected().then(
      () => undefined,
      (reason: { context?: { statusText?: string }; description?: { message?: string }; message: string }) =>
        reason,
    )
    return `${error?.description?.message ?? error?.message}`
  }

  test('a foreign origin with a valid cookie is 403', async () => {
    expect(await refusal(connect(duty, { origin: 'https://evil.example' }))).toContain('403')
  })

  test('a missing or invented cookie is 401', async () => {
    expect(await refusal(connect(''))).toContain('401')
    expect(await refusal(connect(`linli_session=${'A'.repeat(43)}`))).toContain('401')
  })

  test('a crew member without a crew is 403', async () => {
    const user = await hub.records.users.get('crew')
    if (user) await hub.records.users.put({ ...user, login: 'loose', crew: null })
    expect(await refusal(connect(await hub.cookieOf('loose')))).toContain('403')
  })

  test('ends at once at sign-out, and within a minute for a disabled or changed user', async () => {
    const own = await hub.cookieOf('duty-officer')
    const leaver = connect(own)
    const others = [
      connect(await hub.cookieOf('supervisor')),
      connect(await hub.cookieOf('grid-worker')),
      connect(),
    ]
    for (const client of [leaver, ...others]) await synced(client)
    await hub.post('/api/v1/logout', {}, own)
    await until('the end of the feed', () => leaver.endReason() === 'io server disconnect')

    const supervisor = await hub.records.users.get('supervisor')
    const worker = await hub.records.users.get('grid-worker')
    if (supervisor) await hub.records.users.put({ ...supervisor, disabled: true })
    if (worker) await hub.records.users.put({ ...worker, role: 'crew', crew: 'crew-1' })
    hub.clock.advance(60_000)
    await until('the end of both', () => others[0]?.endReason() && others[1]?.endReason())
    expect(others[2]?.endReason()).toBeUndefined()
    await hub.dashboard.signOut('duty-officer')
    await until('the end of the last', () => others[2]?.endReason() === 'io server disconnect')
    expect((await hub.get('/api/v1/me', duty)).status).toBe(401)
  })

  test('refuses more consoles than configured', async () => {
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

describe('misbehaving consoles', () => {
  test('ignores unknown and malformed events', async () => {
    const client = connect()
    await synced(client)
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
    await synced(client)
    expect(client.endReason()).toBeUndefined()
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('ends the connection after an event of 1 MB; the hub continues', async () => {
    const client = connect()
    await synced(client)
    const raw = client.socket as unknown as { emit(event: string, ...values: unknown[]): void }
    raw.emit('watch', ['x'.repeat(1_000_000)])
    await until('the end', () => client.endReason())
    await synced(connect())
  })

  test('ends the connection after a thousand events in a second', async () => {
    const client = connect()
    await synced(client)
    for (let n = 0; n < 1000; n++) client.socket.emit('watch', [])
    await until('the end', () => client.endReason())
    await synced(connect())
  })

  test('does not offer long polling', async () => {
    const answer = await hub.get('/socket.io/?EIO=4&transport=polling', duty)
    expect(answer.status).toBe(400)
  })

  test('stops within seconds while consoles are open, also ones that do not read', async () => {
    const good = connect()
    const unresponsive = connect()
    await synced(good)
    await synced(unresponsive)
    tcpOf(unresponsive).pause()
    await raise(0, 300)
    await hub.dashboard.stop()
    await until('the end', () => good.endReason())
    tcpOf(unresponsive).destroy()
    expect(hub.dashboard.address()).toBeUndefined()
  }, 4000)
})
