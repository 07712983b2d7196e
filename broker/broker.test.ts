import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, startBroker, topicOf } from '../tests/support/broker.ts'
import { connectPacket, publishPacket, rawClient, rawDevice } from '../tests/support/raw-mqtt.ts'
import { describeWith } from '../tests/support/requires.ts'
import { brokerOptions } from './options.ts'

describe('options', () => {
  test('the defaults listen on loopback only', () => {
    expect(brokerOptions.parse({})).toMatchObject({ host: '127.0.0.1', port: 1883, maxPacketBytes: 65_536 })
    expect(brokerOptions.parse({}).tls).toBeUndefined()
  })

  test.each([
    { port: 70_000 },
    { maxInFlight: 0 },
    { connectTimeout: -1 },
    { maxPacketBytes: 10 },
    { keepaliveLimit: 0 },
    { tls: { port: 8883 } },
    { unknown: 1 },
  ])('%o is refused', (options) => {
    expect(brokerOptions.safeParse(options).success).toBe(false)
  })

  test('a busy port is a clear error', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expect(startBroker({ port })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(String(port)),
    })
    taken.close()
  })
})

describe('messages', () => {
  test('a device may publish on its four topics, status and meta retained', async () => {
    const hub = await startBroker()
    const device = await rawDevice(hub.port, 'bin-1')
    for (const [n, channel] of (['telemetry', 'event', 'status', 'meta'] as const).entries()) {
      device.write(publishPacket(topicOf('bin-1', channel), n + 1, { retain: n >= 2 }))
      await device.next('puback')
    }
    expect(hub.delivered.map(({ topic, retain }) => [topic, retain])).toEqual([
      [topicOf('bin-1', 'telemetry'), false],
      [topicOf('bin-1', 'event'), false],
      [topicOf('bin-1', 'status'), true],
      [topicOf('bin-1', 'meta'), true],
    ])
    expect(hub.counts.get('messages')).toBe(4)
  })

  test('delivers a will when a device disappears, not when it disconnects', async () => {
    const hub = await startBroker()
    const willOf = (id: string) => ({
      topic: topicOf(id, 'status'),
      payload: Buffer.from(id),
      qos: 1 as const,
      retain: true,
    })
    const polite = await rawDevice(hub.port, 'bin-1', { will: willOf('bin-1') })
    const rude = await rawDevice(hub.port, 'bin-2', { will: willOf('bin-2') })
    polite.write({ cmd: 'disconnect' })
    await polite.closedByHub()
    rude.destroy()
    await eventually('the will', () => hub.delivered.length === 1)
    expect(hub.delivered[0]).toMatchObject({ device: 'bin-2', topic: topicOf('bin-2', 'status') })
  })

  test('a stopping hub delivers no wills, because the devices are still alive', async () => {
    const hub = await startBroker()
    const will = {
      topic: topicOf('bin-1', 'status'),
      payload: Buffer.from('x'),
      qos: 1 as const,
      retain: true,
    }
    const device = await rawDevice(hub.port, 'bin-1', { will })
    await hub.broker.stop()
    await device.closedByHub()
    expect(hub.delivered).toEqual([])
  })
})

describe('commands', () => {
  const command = topicOf('bin-1', 'cmd')
  const subscribed = async (port: number, clean = true) => {
    const device = await rawDevice(port, 'bin-1', { clean })
    device.write({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: command, qos: 1 }] })
    expect((await device.next('suback')).granted).toEqual([1])
    return device
  }

  test('reach their device', async () => {
    const hub = await startBroker()
    const device = await subscribed(hub.port)
    expect(await hub.broker.publish(command, '{"do":"empty"}')).toBe('sent')
    const { topic, payload, qos } = await device.next('publish')
    expect([topic, payload.toString(), qos]).toEqual([command, '{"do":"empty"}', 1])
  })

  test('report a device that is offline and a topic that is not a command topic', async () => {
    const hub = await startBroker()
    expect(await hub.broker.publish(command, 'x')).toBe('offline')
    expect(await hub.broker.publish(topicOf('bin-1'), 'x')).toBe('not-a-command')
    await rawDevice(hub.port, 'bin-1')
    expect(await hub.broker.publish(command.replace('garden', 'park'), 'x')).toBe('offline')
  })

  test('are bounded for a device that never confirms them', async () => {
    const hub = await startBroker()
    const device = await subscribed(hub.port, false)
    for (let n = 0; n < 150 && !device.closed; n++) await hub.broker.publish(command, String(n))
    device.destroy()
    await eventually('gone', () => hub.broker.connections() === 0)
    const again = await rawDevice(hub.port, 'bin-1', { clean: false })
    again.write({ cmd: 'pingreq' })
    await again.next('pingresp')
    const kept = again.received.filter(({ cmd }) => cmd === 'publish').length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThanOrEqual(100)
  })
})

describe('disconnect', () => {
  test('closes the connection and delivers the will', async () => {
    const hub = await startBroker()
    const will = {
      topic: topicOf('bin-1', 'status'),
      payload: Buffer.from('x'),
      qos: 1 as const,
      retain: true,
    }
    const device = await rawDevice(hub.port, 'bin-1', { will })
    expect(hub.broker.disconnect('bin-2', 'revoked')).toBe(false)
    expect(hub.broker.disconnect('bin-1', 'revoked')).toBe(true)
    await device.closedByHub()
    await eventually('the will', () => hub.delivered.length === 1)
    expect(hub.counts.get('dropped_connections revoked')).toBe(1)
  })
})

const openssl = {
  name: 'openssl',
  missing: spawnSync('openssl', ['version']).error ? 'openssl is not installed' : undefined,
}

describeWith(openssl, 'TLS', () => {
  let folder = ''
  const file = (name: string): string => join(folder, name)
  const run = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'linli-tls-'))
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA')
    for (const name of ['localhost', 'bin-1']) {
      run('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      run(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '2',
        '-out',
        `${name}.pem`,
      )
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const options = (clientCertificates: boolean) => ({
    tls: {
      port: 0,
      certFile: file('localhost.pem'),
      keyFile: file('localhost.key'),
      caFile: file('ca.pem'),
      clientCertificates,
    },
  })
  async function overTls(port: number | undefined, certificate?: string) {
    const { readFileSync } = await import('node:fs')
    const read = (name: string) => readFileSync(file(name))
    const own = certificate ? { cert: read(`${certificate}.pem`), key: read(`${certificate}.key`) } : {}
    return rawClient(
      0,
      connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: read('ca.pem'), ...own }),
    )
  }

  test('works as the plain port', async () => {
    const hub = await startBroker(options(false))
    const device = await overTls(hub.broker.address().tlsPort)
    device.write(connectPacket('bin-1'))
    expect((await device.next('connack')).returnCode).toBe(0)
    for (let id = 1; id <= 200; id++) device.write(publishPacket(topicOf('bin-1'), id))
    await eventually(
      'acknowledged',
      () => device.received.filter(({ cmd }) => cmd === 'puback').length === 200,
    )
  })

  test('with client certificates, a device logs in only with its own', async () => {
    const hub = await startBroker(options(true))
    const port = hub.broker.address().tlsPort
    const own = await overTls(port, 'bin-1')
    own.write(connectPacket('bin-1'))
    expect((await own.next('connack')).returnCode).toBe(0)

    const other = await overTls(port, 'bin-1')
    other.write(connectPacket('bin-2'))
    expect((await other.next('connack')).returnCode).toBe(5)

    const none = await overTls(port)
    await none.closedByHub()
    expect(hub.counts.get('refused_connects tls')).toBe(1)
  })

  test('plain bytes on the TLS port are refused and counted', async () => {
    const hub = await startBroker(options(false))
    const plain = await rawClient(hub.broker.address().tlsPort ?? 0)
    plain.write(connectPacket('bin-1'))
    await plain.closedByHub()
    expect(hub.counts.get('refused_connects tls')).toBe(1)
  })

  test('a missing certificate is a clear error', async () => {
    const missing = { tls: { ...options(false).tls, certFile: file('none.pem') } }
    await expect(startBroker(missing)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('certFile'),
    })
  })
})
