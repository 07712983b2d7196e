import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { Guard } from './guard.ts'
import type { PlainPublish } from './plain-publish.ts'
import { rateBucket, STEPS_PER_SECOND } from './rate.ts'
import { createSession } from './session.ts'

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

/** A socket whose peer reads only when the test says so. */
class SlowSocket extends Duplex {
  readonly written: Buffer[] = []
  #unread: (() => void)[] = []
  isSlow: boolean = false

  constructor() {
    super({ writableHighWaterMark: 16 })
  }
  override _read(): void {}
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written.push(chunk)
    if (this.isSlow) this.#unread.push(done)
    else done()
  }
  destroySoon(): void {
    this.destroy()
  }
  readAll(): void {
    this.isSlow = false
    for (const done of this.#unread.splice(0)) done()
  }
}

function setUp(options: { maxInFlight?: number; perSecond?: number } = {}) {
  const socket = new SlowSocket()
  const pace = { steps: 0 }
  const throttled: Guard[] = []
  const published: PlainPublish[] = []
  const guard = new Guard(socket as unknown as Socket, {
    maxPacketBytes: 65_536,
    maxInFlight: options.maxInFlight ?? 4,
    rate: rateBucket(options.perSecond ?? 0, pace),
    pace,
    drainTimeout: 10,
    certificateName: undefined,
    onProblem: () => {},
    onPublish: (_, message) => published.push(message),
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
  return {
    socket,
    guard,
    pace,
    throttled,
    published,
    passedOn,
    turn,
    passed: () => passed.subarray(connect.length),
  }
}

const publishes = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => publish))

describe('Guard', () => {
  test('buffers frames behind the CONNECT until it is admitted', async () => {
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

  test('does not read from a client that does not read its answers', async () => {
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
    socket.readAll()
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

  test('passes the last frame behind a full window after the client has closed', async () => {
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

  test('sends a refusal although the connection is destroyed in the same turn', async () => {
    const { socket, guard, turn } = setUp()
    guard.refuse(5)
    guard.destroy(new Error('refused'))
    guard.on('error', () => {})
    await turn()
    expect(socket.written).toEqual([Buffer.of(0x20, 2, 0, 5)])
  })
})

describe('plain publishes', () => {
  const topic = 'community/garden/bin/bin-1/telemetry'
  const frame = (n: number, qos: 0 | 1 | 2 = 1, size = 0): Buffer =>
    generate({
      cmd: 'publish',
      topic,
      payload: `${n} ${'x'.repeat(size)}`,
      qos,
      messageId: n + 1,
      dup: false,
      retain: false,
    })
  const numberOf = (message: PlainPublish): number => Number.parseInt(message.payload.toString(), 10)

  async function admitted(options: Parameters<typeof setUp>[0] = {}) {
    const made = setUp({ maxInFlight: 1000, ...options })
    made.socket.push(connect)
    await made.passedOn()
    made.guard.session = createSession('bin-1', { site: 'garden', type: 'bin' })
    made.guard.admit()
    return made
  }

  type Kind = 'plain' | 'qos0' | 'ping' | 'long' | 'qos2'
  const builders: Readonly<Record<Kind, (n: number) => Buffer>> = {
    plain: (n) => frame(n),
    qos0: (n) => frame(n, 0),
    ping: () => ping,
    long: (n) => frame(n, 1, 6000),
    qos2: (n) => frame(n, 2),
  }

  /** Sends the frames in chunks of these sizes; resolves with what was published and what was passed to Aedes. */
  async function sendChunks(frames: readonly Buffer[], sizes: readonly number[]) {
    const { socket, published, passed, passedOn } = await admitted()
    const bytes = Buffer.concat(frames)
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] as number
      socket.push(bytes.subarray(at, at + size))
      at += size
      if (turn % 3 === 0) await passedOn()
    }
    const arrived = () =>
      passed().length + published.reduce((sum, one) => sum + (frames[numberOf(one)]?.length ?? 0), 0)
    for (let turns = 0; arrived() < bytes.length && turns < 1000; turns++) await passedOn()
    return { published: published.map(numberOf), passed: passed() }
  }

  const kind = fc.constantFrom<Kind>('plain', 'plain', 'plain', 'plain', 'qos0', 'ping', 'long', 'qos2')
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 })

  test('arrive in order and complete for any chunks, until the first frame that Aedes must process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 25 }), sizes, async (kinds, chunkSizes) => {
        const frames = kinds.map((one, n) => builders[one](n))
        const { published, passed } = await sendChunks(frames, chunkSizes)
        expect(published).toEqual([...new Set(published)].sort((a, b) => a - b))
        expect(passed.equals(Buffer.concat(frames.filter((_, n) => !published.includes(n))))).toBe(true)
        const firstPassed = kinds.findIndex((one, n) => one !== 'ping' && !published.includes(n))
        if (firstPassed >= 0) expect(Math.max(-1, ...published)).toBeLessThan(firstPassed)
      }),
      { numRuns: 60 },
    )
  })

  test('never go to Aedes when short and of QoS 0 or 1, for any chunks', async () => {
    const short = fc.constantFrom<Kind>('plain', 'qos0', 'ping')
    await fc.assert(
      fc.asyncProperty(fc.array(short, { maxLength: 25 }), sizes, async (kinds, chunkSizes) => {
        const { published } = await sendChunks(
          kinds.map((one, n) => builders[one](n)),
          chunkSizes,
        )
        expect(published).toHaveLength(kinds.filter((one) => one !== 'ping').length)
      }),
      { numRuns: 30 },
    )
  })

  test('wait for room in the window', async () => {
    const { socket, guard, published, turn } = await admitted({ maxInFlight: 4 })
    socket.push(Buffer.concat(Array.from({ length: 7 }, (_, n) => frame(n))))
    await turn()
    expect(published.map(numberOf)).toEqual([0, 1, 2, 3])
    guard.answered()
    guard.answered()
    expect(published.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('wait for the rate limit', async () => {
    const { socket, guard, published, pace, throttled, turn } = await admitted({ perSecond: 10 })
    socket.push(Buffer.concat(Array.from({ length: 15 }, (_, n) => frame(n))))
    await turn()
    expect(published).toHaveLength(10)
    expect(throttled).toEqual([guard])
    pace.steps += 3
    guard.refilled()
    expect(published).toHaveLength(13)
  })

  test('acknowledgements of one turn are one write, also before a disconnect', async () => {
    const { socket, guard } = await admitted()
    socket.written.length = 0
    guard.acknowledge(1)
    guard.acknowledge(0x1234)
    expect(socket.written).toEqual([])
    guard.disconnectAfterFlush()
    expect(socket.written).toEqual([Buffer.of(0x40, 2, 0, 1, 0x40, 2, 0x12, 0x34)])
  })
})

describe('stalled', () => {
  test('after 1.5 times the keep-alive without a byte; buffered data does not count as silence', () => {
    const { socket, guard, pace } = setUp()
    guard.keepAlive = 4
    pace.steps += 6 * STEPS_PER_SECOND
    expect(guard.stalled()).toBeUndefined()
    pace.steps++
    expect(guard.stalled()).toBe('keep-alive')
    socket.emit('data', Buffer.concat([connect, ping]))
    expect(guard.stalled()).toBeUndefined()
    pace.steps += 100 * STEPS_PER_SECOND
    expect(guard.stalled()).toBeUndefined()
    guard.admit()
    expect(guard.stalled()).toBeUndefined()
    pace.steps += 6 * STEPS_PER_SECOND + 1
    expect(guard.stalled()).toBe('keep-alive')
  })

  test('never without a keep-alive', () => {
    const { guard, pace } = setUp()
    pace.steps += 1e6
    expect(guard.stalled()).toBeUndefined()
  })

  test('when acknowledgements stay unread for too long', async () => {
    const { socket, guard, pace, turn } = setUp()
    socket.isSlow = true
    for (let id = 1; id <= 8; id++) guard.acknowledge(id)
    guard.flush()
    pace.steps += 10 * STEPS_PER_SECOND
    expect(guard.stalled()).toBeUndefined()
    pace.steps++
    expect(guard.stalled()).toBe('answers-not-taken')
    socket.readAll()
    await turn()
    expect(guard.stalled()).toBeUndefined()
  })
})
