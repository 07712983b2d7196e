/** Clients that are not ours: mosquitto_pub and mosquitto_sub against the broker. */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, startBroker, topicOf } from '../support/broker.ts'
import { describeWith, requirements } from '../support/requires.ts'

const run = promisify(execFile)
const login = (port: number, device: string): string[] => [
  ...['-h', '127.0.0.1', '-p', String(port)],
  ...['-i', device, '-u', device, '-P', `secret-of-${device}`],
]

describeWith(requirements.mosquitto(), 'mosquitto clients', () => {
  test.each(['0', '1', '2'])('publish with QoS %s', async (qos) => {
    const hub = await startBroker()
    await run('mosquitto_pub', [
      ...login(hub.port, 'bin-1'),
      '-q',
      qos,
      '-t',
      topicOf('bin-1'),
      '-m',
      '{"a":1}',
    ])
    await eventually('delivered', () => hub.delivered.length === 1)
    expect(hub.delivered[0]?.payload.toString()).toBe('{"a":1}')
  })

  test('300 lines in one connection all arrive, in order', async () => {
    const hub = await startBroker()
    const publisher = spawn('mosquitto_pub', [
      ...login(hub.port, 'bin-1'),
      '-q',
      '1',
      '-l',
      '-t',
      topicOf('bin-1'),
    ])
    publisher.stdin.end(Array.from({ length: 300 }, (_, n) => `${n}\n`).join(''))
    const code = await new Promise((resolve) => publisher.once('exit', resolve))
    expect(code).toBe(0)
    expect(hub.delivered.map(({ payload }) => Number(payload))).toEqual(
      Array.from({ length: 300 }, (_, n) => n),
    )
  })

  test('a command reaches mosquitto_sub; a foreign filter is denied', async () => {
    const hub = await startBroker()
    const command = topicOf('bin-1', 'cmd')
    const subscriber = spawn('mosquitto_sub', [
      ...login(hub.port, 'bin-1'),
      '-q',
      '1',
      '-C',
      '1',
      '-t',
      command,
    ])
    onTestFinished(() => void subscriber.kill())
    let heard = ''
    subscriber.stdout.on('data', (chunk) => {
      heard += String(chunk)
    })
    await eventually('sent', () => {
      void hub.broker.publish(command, 'open')
      return heard === 'open\n'
    })
    const denied = await run('mosquitto_sub', [...login(hub.port, 'bin-2'), '-W', '2', '-t', '#'])
    expect(denied.stderr).toMatch(/denied/i)
  })

  test('a vanished client\u2019s will is delivered', async () => {
    const hub = await startBroker()
    const status = topicOf('bin-1', 'status')
    const will = ['--will-topic', status, '--will-payload', 'gone', '--will-qos', '1', '--will-retain']
    const client = spawn('mosquitto_sub', [
      ...login(hub.port, 'bin-1'),
      ...will,
      '-t',
      topicOf('bin-1', 'cmd'),
    ])
    await eventually('connected', () => hub.broker.connections() === 1)
    client.kill('SIGKILL')
    await eventually('the will', () => hub.delivered.length === 1)
    expect(hub.delivered[0]).toMatchObject({ topic: status, device: 'bin-1' })
  })

  test('a wrong secret and MQTT 5 are refused with words', async () => {
    const hub = await startBroker()
    const publish = ['-q', '1', '-t', topicOf('bin-1'), '-m', 'x']
    await expect(
      run('mosquitto_pub', [...login(hub.port, 'bin-1').slice(0, -1), 'guess', ...publish]),
    ).rejects.toMatchObject({ stderr: expect.stringMatching(/bad user name or password/i) })
    await expect(
      run('mosquitto_pub', [...login(hub.port, 'bin-1'), '-V', 'mqttv5', ...publish]),
    ).rejects.toMatchObject({ stderr: expect.stringMatching(/protocol version/i) })
    expect(hub.delivered).toEqual([])
  })
})
