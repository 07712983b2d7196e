/** What a hostile or broken client may send to the MQTT port; each is refused, counted and logged, and its neighbours go on. */
import { connect as connectSocket } from 'node:net'
import type { IConnectPacket } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually, startBroker, type TestBroker, topicOf } from '../support/broker.ts'
import { connectPacket, publishPacket, type RawClient, rawClient, rawDevice } from '../support/raw-mqtt.ts'

/** A device that was there before the attack still gets its acknowledgements after it. */
async function neighbourGoesOn(hub: TestBroker, neighbour: RawClient): Promise<void> {
  neighbour.write(publishPacket(topicOf('neighbour'), 1))
  expect(await neighbour.next('puback')).toMatchObject({ messageId: 1 })
  expect(hub.delivered.every(({ device }) => device === 'neighbour')).toBe(true)
}

describe('first bytes', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: hub\r\n\r\n'), 'not-mqtt'],
    ['a TLS hello on the plain port', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), 'not-mqtt'],
    ['zeros', Buffer.alloc(1024), 'not-mqtt'],
    ['a PUBLISH', Buffer.from([0x30, 0x03, 0x00, 0x01, 0x61]), 'not-mqtt'],
    ['a CONNECT of 256 MB', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00]), 'packet-too-large'],
    ['a CONNECT without a body', Buffer.from([0x10, 0x00]), 'protocol'],
    ['a CONNECT of another protocol', Buffer.from([0x10, 6, 0, 2, 0x58, 0x58, 4, 0]), 'protocol'],
  ])('%s is cut off', async (_, bytes, reason) => {
    const hub = await startBroker()
    const neighbour = await rawDevice(hub.port, 'neighbour')
    const client = await rawClient(hub.port)
    client.write(bytes)
    await client.closedByHub()
    expect(hub.counts.get(`dropped_connections ${reason}`)).toBe(1)
    expect(hub.lines.some((line) => line.includes(reason))).toBe(true)
    await neighbourGoesOn(hub, neighbour)
  })

  test('a CONNECT that comes byte by byte has until the deadline', async () => {
    const hub = await startBroker({ connectTimeout: 0.3 })
    const client = await rawClient(hub.port)
    client.write(Buffer.from([0x10, 0x20, 0x00]))
    await client.closedByHub(2000)
    expect(hub.counts.get('dropped_connections no-connect')).toBe(1)
  })

  test('so has a connection that says nothing', async () => {
    const hub = await startBroker({ connectTimeout: 0.2 })
    const client = await rawClient(hub.port)
    await client.closedByHub(2000)
  })
})

describe('logins', () => {
  const refused: [string, string, Partial<IConnectPacket>, number][] = [
    ['a wrong secret', 'bin-1', { password: Buffer.from('guess') }, 4],
    ['no secret', 'bin-1', { password: undefined, username: undefined }, 4],
    ['a device nobody knows', 'unknown-1', {}, 4],
    ['another client id than the login', 'bin-1', { clientId: 'bin-2' }, 2],
    ['an empty client id', 'bin-1', { clientId: '' }, 2],
    ['an empty client id with a session', 'bin-1', { clientId: '', clean: true }, 2],
    ['client id #', '#', {}, 2],
    ['client id +', '+', {}, 2],
    ['client id $SYS', '$SYS', {}, 2],
    ['client id with a slash', 'a/b', {}, 2],
    ['client id with NUL', 'a\u0000b', {}, 2],
    ['client id of 65 characters', 'a'.repeat(65), {}, 2],
    ['MQTT 3.1', 'bin-1', { protocolId: 'MQIsdp', protocolVersion: 3 }, 1],
    ['MQTT 5', 'bin-1', { protocolVersion: 5 }, 1],
    ['a will of another device', 'bin-1', { will: will(topicOf('bin-2', 'status')) }, 5],
    ['a will on another topic', 'bin-1', { will: will(topicOf('bin-1', 'telemetry')) }, 5],
    ['a will on $SYS', 'bin-1', { will: will('$SYS/x') }, 5],
    ['a large will', 'bin-1', { will: will(topicOf('bin-1', 'status'), 2000) }, 5],
  ]
  function will(topic: string, size = 10) {
    return { topic, payload: Buffer.alloc(size, 'x'), qos: 1 as const, retain: true }
  }

  test.each(refused)('%s is answered with its code', async (_, device, extra, code) => {
    const hub = await startBroker()
    const neighbour = await rawDevice(hub.port, 'neighbour')
    const client = await rawClient(hub.port)
    client.write(connectPacket(device, extra))
    expect((await client.next('connack')).returnCode).toBe(code)
    await client.closedByHub()
    expect(hub.broker.connections()).toBe(1)
    expect(hub.lines).toHaveLength(1)
    expect(hub.lines[0]).not.toContain('secret-of')
    await neighbourGoesOn(hub, neighbour)
  })

  test.each(['__proto__', 'constructor', 'toString'])('client id %s is only a name', async (name) => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, name)
    client.write(publishPacket(topicOf(name), 1))
    await client.next('puback')
    expect(({} as Record<string, unknown>).session).toBeUndefined()
  })

  test('a client id of 60 KB is cut off before it is read', async () => {
    const hub = await startBroker()
    const client = await rawClient(hub.port)
    client.write(connectPacket('a'.repeat(60_000)))
    await client.closedByHub()
    expect(hub.counts.get('dropped_connections packet-too-large')).toBe(1)
  })

  test('guessing is answered later and later; a right secret from the same address is not', async () => {
    const hub = await startBroker()
    const guess = async (): Promise<RawClient> => {
      const client = await rawClient(hub.port)
      client.write(connectPacket('bin-1', { password: Buffer.from('guess') }))
      return client
    }
    for (let n = 0; n < 10; n++) await (await guess()).next('connack')
    const slow = await guess()
    await rawDevice(hub.port, 'bin-1')
    expect(slow.received).toEqual([])
    expect((await slow.next('connack', 3000)).returnCode).toBe(4)
    expect(hub.counts.get('refused_connects wrong-secret')).toBe(11)
    expect(hub.lines).toHaveLength(1)
  })

  test('a second CONNECT on one connection ends it', async () => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, 'bin-1')
    client.write(connectPacket('bin-1'))
    await client.closedByHub()
  })

  test('what comes right behind the CONNECT waits for the login and is not lost', async () => {
    let letIn = (): void => {}
    const asked = new Promise<void>((resolve) => {
      letIn = resolve
    })
    const hub = await startBroker({}, { authenticate: () => asked.then(() => 'ok') })
    const client = await rawClient(hub.port)
    client.write(connectPacket('bin-1'))
    for (let id = 1; id <= 60; id++) client.write(publishPacket(topicOf('bin-1'), id))
    letIn()
    await client.next('connack')
    await eventually('stored', () => client.received.filter(({ cmd }) => cmd === 'puback').length === 60)
  })

  test('a login that fails inside the hub is answered "unavailable"', async () => {
    const hub = await startBroker({}, { authenticate: () => Promise.reject(new Error('records are down')) })
    const client = await rawClient(hub.port)
    client.write(connectPacket('bin-1'))
    expect((await client.next('connack')).returnCode).toBe(3)
    await client.closedByHub()
  })
})

describe('messages', () => {
  test.each([
    ['the topic of another device', topicOf('bin-2'), {}, 'foreign-topic'],
    ['its own command topic', topicOf('bin-1', 'cmd'), {}, 'foreign-topic'],
    ['$SYS', '$SYS/x/new/clients', {}, 'foreign-topic'],
    ['a topic with NUL', `${topicOf('bin-1')}\u0000`, {}, 'foreign-topic'],
    ['a topic with U+FFFF', `${topicOf('bin-1')}\uffff`, {}, 'foreign-topic'],
    ['__proto__', '__proto__', {}, 'foreign-topic'],
    ['retained telemetry', topicOf('bin-1'), { retain: true }, 'retain-not-allowed'],
    ['a retained event', topicOf('bin-1', 'event'), { retain: true }, 'retain-not-allowed'],
  ])('%s is refused: not stored, not acknowledged, cut, counted, logged', async (_, topic, extra, reason) => {
    const hub = await startBroker()
    const neighbour = await rawDevice(hub.port, 'neighbour')
    const client = await rawDevice(hub.port, 'bin-1')
    client.write(publishPacket(topic, 1, extra))
    await client.closedByHub()
    expect(client.received.some(({ cmd }) => cmd === 'puback')).toBe(false)
    expect(hub.counts.get(`refused_messages ${reason}`)).toBe(1)
    expect(hub.lines.some((line) => line.includes(reason) && !line.includes('\u0000'))).toBe(true)
    await neighbourGoesOn(hub, neighbour)
  })

  test.each([
    ['no topic', ''],
    ['a wildcard', topicOf('+')],
    ['101 levels', `${'a/'.repeat(100)}a`],
  ])('a PUBLISH with %s ends the connection', async (_, topic) => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, 'bin-1')
    client.write(rawPublish(topic))
    await client.closedByHub()
    expect(hub.counts.get('dropped_connections protocol')).toBe(1)
    expect(hub.delivered).toEqual([])
  })

  test('64 MB in one frame are cut off at the announcement', async () => {
    const hub = await startBroker()
    const neighbour = await rawDevice(hub.port, 'neighbour')
    const client = await rawDevice(hub.port, 'bin-1')
    client.write(Buffer.from([0x32, 0x80, 0x80, 0x80, 0x20]))
    const chunk = Buffer.alloc(64 * 1024)
    for (let sent = 0; sent < 1024 && !client.closed; sent++) {
      client.write(chunk)
      await new Promise(setImmediate)
    }
    await client.closedByHub()
    expect(client.socket.bytesWritten).toBeLessThan(16 * 1024 * 1024)
    expect(hub.counts.get('dropped_connections packet-too-large')).toBe(1)
    await neighbourGoesOn(hub, neighbour)
  })

  test('the largest frame allowed, byte by byte, arrives whole', async () => {
    const hub = await startBroker({ maxPacketBytes: 2048 })
    const client = await rawDevice(hub.port, 'bin-1')
    client.socket.setNoDelay(true)
    const frame = rawPublish(topicOf('bin-1'), 2048)
    for (const byte of frame) client.socket.write(Buffer.of(byte))
    await client.next('puback')
    expect(hub.delivered[0]?.payload).toHaveLength(2048 - topicOf('bin-1').length - 4)
  })

  test('a flood of QoS 2 without PUBREL ends at a limit', async () => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, 'bin-1')
    for (let id = 1; id <= 1100; id++) client.write(publishPacket(topicOf('bin-1'), id, { qos: 2 }))
    await client.closedByHub()
    expect(hub.delivered.length).toBeLessThanOrEqual(1100)
    expect(hub.counts.get('dropped_connections protocol')).toBe(1)
  })

  test('a device over its rate is slowed down, loses nothing, and does not slow others', async () => {
    const hub = await startBroker({ messagesPerSecond: 100 })
    const neighbour = await rawDevice(hub.port, 'neighbour')
    const noisy = await rawDevice(hub.port, 'bin-1')
    for (let id = 1; id <= 130; id++) noisy.write(publishPacket(topicOf('bin-1'), id))
    const acks = () => noisy.received.filter(({ cmd }) => cmd === 'puback').length
    await eventually('the burst', () => acks() >= 100)
    neighbour.write(publishPacket(topicOf('neighbour'), 1))
    await neighbour.next('puback', 200)
    expect(acks()).toBeLessThan(130)
    await eventually('the rest', () => acks() === 130)
    expect(hub.counts.get('throttled')).toBeGreaterThan(0)
  })
})

describe('subscriptions', () => {
  test.each([
    '#',
    '+/+/#',
    '$SYS/#',
    '$share/g/#',
    topicOf('bin-2', 'cmd'),
    topicOf('bin-1', 'status'),
    '__proto__',
  ])('%s is refused with 0x80 and hears nothing', async (filter) => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, 'bin-1')
    client.write({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] })
    expect((await client.next('suback')).granted).toEqual([0x80])
    const neighbour = await rawDevice(hub.port, 'bin-2')
    neighbour.write(publishPacket(topicOf('bin-2', 'status'), 1, { retain: true }))
    await neighbour.next('puback')
    await hub.broker.publish(topicOf('bin-2', 'cmd'), 'x')
    client.write({ cmd: 'pingreq' })
    await client.next('pingresp')
    expect(client.received.filter(({ cmd }) => cmd === 'publish')).toEqual([])
    expect(hub.counts.get('refused_subscriptions')).toBe(1)
  })

  test('a refused filter beside a good one is not kept in a session either', async () => {
    const hub = await startBroker()
    const client = await rawDevice(hub.port, 'bin-1', { clean: false })
    client.write({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: topicOf('bin-1', 'cmd'), qos: 1 },
        { topic: '#', qos: 1 },
      ],
    })
    expect((await client.next('suback')).granted).toEqual([1, 0x80])
    client.destroy()
    await eventually('gone', () => hub.broker.connections() === 0)
    const neighbour = await rawDevice(hub.port, 'bin-2')
    neighbour.write(publishPacket(topicOf('bin-2', 'event'), 1))
    await neighbour.next('puback')
    const again = await rawDevice(hub.port, 'bin-1', { clean: false })
    again.write({ cmd: 'pingreq' })
    await again.next('pingresp')
    expect(again.received.filter(({ cmd }) => cmd === 'publish')).toEqual([])
  })
})

describe('connections', () => {
  test('the newest connection of a device wins and no will says it is gone', async () => {
    const hub = await startBroker()
    const will = {
      topic: topicOf('bin-1', 'status'),
      payload: Buffer.from('{"state":"offline"}'),
      qos: 1,
      retain: true,
    } as const
    const first = await rawDevice(hub.port, 'bin-1', { will })
    const second = await rawDevice(hub.port, 'bin-1', { will })
    await first.closedByHub()
    expect(hub.counts.get('takeovers')).toBe(1)
    expect(hub.broker.connections()).toBe(1)
    expect(hub.delivered).toEqual([])
    second.destroy()
    await eventually('the will', () => hub.delivered.length === 1)
    expect(hub.delivered[0]?.payload.toString()).toBe('{"state":"offline"}')
  })

  test('two that fight for one identity: the one that is there stays', async () => {
    const hub = await startBroker()
    for (let n = 0; n < 11; n++) await rawDevice(hub.port, 'bin-1')
    const late = await rawClient(hub.port)
    late.write(connectPacket('bin-1'))
    expect((await late.next('connack')).returnCode).toBe(3)
    expect(hub.broker.connections()).toBe(1)
    expect(hub.counts.get('refused_connects identity-used-twice')).toBe(1)
  })

  test('more than the limit are not let in', async () => {
    const hub = await startBroker({ maxConnections: 2 })
    await rawDevice(hub.port, 'bin-1')
    await rawDevice(hub.port, 'bin-2')
    const third = connectSocket({ port: hub.port, host: '127.0.0.1' })
    await new Promise((resolve) => third.once('close', resolve).on('error', () => {}))
    expect(hub.counts.get('refused_connects too-many-connections')).toBe(1)
  })

  test('a half-open device is noticed by its keep-alive, and its will is stored', async () => {
    const hub = await startBroker()
    const will = {
      topic: topicOf('bin-1', 'status'),
      payload: Buffer.from('x'),
      qos: 1,
      retain: true,
    } as const
    await rawDevice(hub.port, 'bin-1', { keepalive: 1, will })
    await eventually('the will', () => hub.delivered.length === 1)
    expect(hub.counts.get('dropped_connections keep-alive')).toBe(1)
  })

  test('200 connections come and go at once without a trace', async () => {
    const hub = await startBroker()
    const clients = await Promise.all(Array.from({ length: 200 }, (_, n) => rawDevice(hub.port, `bin-${n}`)))
    expect(hub.broker.connections()).toBe(200)
    for (const client of clients) client.destroy()
    await eventually('gone', () => hub.broker.connections() === 0)
    expect(hub.lines).toEqual([])
  })
})

/** A QoS 1 PUBLISH of any topic, `length` bytes long without its fixed header. */
function rawPublish(topic: string, length = 0, messageId = 1): Buffer {
  const name = Buffer.from(topic)
  const body = Buffer.alloc(Math.max(length, name.length + 4), 'x')
  body.writeUInt16BE(name.length, 0)
  name.copy(body, 2)
  body.writeUInt16BE(messageId, name.length + 2)
  const size: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    size.push(rest > 127 ? (rest & 0x7f) | 0x80 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([0x32, ...size]), body])
}
