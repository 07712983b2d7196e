import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FeedClient } from '../../../tests/support/feed-client.ts'
import { type FeedRoom, openFeedRoom, tcpOf } from '../../../tests/support/feed-room.ts'
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
