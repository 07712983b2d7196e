import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { Guard } from './guard.ts'
import { rateBucket } from './rate.ts'

const connect = generate({
  cmd: 'connect',
  clientId: 'a',
  clean: true,
  protocolVersion: 4,
  protocolId: 'MQTT',
  keepalive: 9,
})
const publish = generate({
  cmd: 'publish',
  topic: 't',
  payload: 'x',
  qos: 1,
  messageId: 1,
  dup: false,
  retain: false,
})
const ping = generate({ cmd: 'pingreq' })

/** A socket whose other side takes what is written only when told to. */
class SlowSocket extends Duplex {
  readonly written: Buffer[] = []
  taken: (() => void)[] = []
  isSlow: boolean = false

  constructor() {
    super({ writableHighWaterMark: 16 })
  }
  override _read(): void {}
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written.push(chunk)
    if (this.isSlow) this.taken.push(done)
    else done()
  }
  destroySoon(): void {
    this.destroy()
  }
  takeAll(): void {
    this.isSlow = false
    for (const done of this.taken.splice(0)) done()
  }
}

function setUp(options: { maxInFlight?: number; perSecond?: number } = {}) {
  const socket = new SlowSocket()
  const pace = { steps: 0 }
  const throttled: Guard[] = []
  const guard = new Guard(socket as unknown as Socket, {
    maxPacketBytes: 1024,
    maxInFlight: options.maxInFlight ?? 4,
    rate: rateBucket(options.perSecond ?? 0, pace),
    pace,
    drainTimeout: 10,
    certificateName: undefined,
    onFault: () => {},
    onPublish: () => {},
    onAcknowledged: () => {},
    onUnwritten: () => {},
    onThrottle: (one) => throttled.push(one),
  })
  let passed = Buffer.alloc(0)
  guard.on('data', (chunk: Buffer) => {
    passed = Buffer.concat([passed, chunk])
  })
  const turn = () => new Promise(setImmediate)
  /** Bytes behind the CONNECT that were passed on. */
  const passedOn = async (): Promise<number> => {
    await turn()
    return passed.length - connect.length
  }
  return { socket, guard, pace, throttled, passedOn, turn }
}

const publishes = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => publish))

describe('Guard', () => {
  test('holds what comes behind the CONNECT until it is admitted', async () => {
    const { socket, guard, passedOn } = setUp()
    socket.push(Buffer.concat([connect, ping]))
    expect(await passedOn()).toBe(0)
    guard.admit()
    expect(await passedOn()).toBe(ping.length)
  })

  test('passes on one window, then half a window at a time', async () => {
    const { socket, guard, passedOn } = setUp({ maxInFlight: 4 })
    socket.push(connect)
    await passedOn()
    guard.admit()
    socket.push(publishes(10))
    expect(await passedOn()).toBe(4 * publish.length)
    guard.answered()
    expect(await passedOn()).toBe(4 * publish.length)
    guard.answered()
    expect(await passedOn()).toBe(6 * publish.length)
    for (let n = 0; n < 8; n++) guard.answered()
    expect(await passedOn()).toBe(10 * publish.length)
    expect(guard.inFlight).toBe(0)
  })

  test('passes on a burst, then as many as the rate allows', async () => {
    const { socket, guard, pace, throttled, passedOn } = setUp({ maxInFlight: 100, perSecond: 10 })
    socket.push(connect)
    await passedOn()
    guard.admit()
    socket.push(publishes(15))
    expect(await passedOn()).toBe(10 * publish.length)
    expect(throttled).toEqual([guard])
    pace.steps += 3
    guard.refilled()
    expect(await passedOn()).toBe(13 * publish.length)
  })

  test('does not read from a client that does not take its answers', async () => {
    const { socket, guard, passedOn, turn } = setUp()
    socket.push(connect)
    await passedOn()
    guard.admit()
    socket.isSlow = true
    guard.write(Buffer.alloc(100))
    await turn()
    expect(guard.isBehind).toBe(true)
    socket.push(publish)
    socket.push(publish)
    expect(await passedOn()).toBeLessThanOrEqual(publish.length)
    socket.takeAll()
    await turn()
    expect(await passedOn()).toBe(2 * publish.length)
  })

  test('answers of one turn are one write', async () => {
    const { socket, guard, turn } = setUp()
    guard.cork()
    for (let n = 0; n < 5; n++) guard.write(Buffer.of(n))
    guard.uncork()
    await turn()
    expect(socket.written).toEqual([Buffer.of(0, 1, 2, 3, 4)])
  })

  test('a last word behind a full window is heard', async () => {
    const { socket, guard, passedOn } = setUp({ maxInFlight: 1 })
    let ended = false
    guard.on('end', () => {
      ended = true
    })
    socket.push(connect)
    await passedOn()
    guard.admit()
    socket.push(Buffer.concat([publish, publish, ping]))
    socket.push(null)
    expect(await passedOn()).toBe(publish.length)
    guard.answered()
    guard.answered()
    expect(await passedOn()).toBe(2 * publish.length + ping.length)
    expect(ended).toBe(true)
  })

  test('a refusal leaves although the connection is destroyed in the same turn', async () => {
    const { socket, guard, turn } = setUp()
    guard.refuse(5)
    guard.destroy(new Error('refused'))
    guard.on('error', () => {})
    await turn()
    expect(socket.written).toEqual([Buffer.of(0x20, 2, 0, 5)])
  })
})
