/** One connection of the load: logs in, then keeps its window full until all its messages are acknowledged. */
import { connect } from 'node:net'
import { generate } from 'mqtt-packet'
import { buildTopic } from '../model/topics.ts'
import type { FleetDevice } from './fleet.ts'

/** Nine digits, so that a frame can be patched in place. */
export const FIRST_SEQ = 100_000_000
const TS_DIGITS = '2000-01-01T00:00:00.000Z'

/** Totals over all connections. */
export interface Counters {
  acknowledged: number
  sent: number
  lost: number
  /** Time from sending to PUBACK, ms. */
  readonly record: (ms: number) => void
}

export interface ConnectionOptions {
  readonly port: number
  readonly host?: string
  readonly device: FleetDevice
  readonly window: number
  readonly messages: number
  /** Set when the rate is limited: nothing is sent before `grant`. */
  readonly rate?: number
  readonly firstSeq: number
  readonly counters: Counters
}

/** A frame of one device, with the offsets of the parts that change. */
function frameTemplate({ id, type, site }: FleetDevice, values: FleetDevice['variants'][number]) {
  const payload = JSON.stringify({ ts: TS_DIGITS, seq: FIRST_SEQ, ...values })
  const topic = buildTopic({ site, type, device: id, channel: 'telemetry' })
  const frame = generate({ cmd: 'publish', topic, payload, qos: 1, messageId: 1, dup: false, retain: false })
  const body = frame.length - Buffer.byteLength(payload)
  return {
    frame,
    idAt: body - 2,
    tsAt: body + payload.indexOf(TS_DIGITS),
    seqAt: body + payload.indexOf(String(FIRST_SEQ)),
  }
}

/** A device clock that never returns the same millisecond twice, as no sensor measures twice in one. */
function deviceClock() {
  let ms = 0
  let second = -1
  let prefix = ''
  return {
    /** Moves it to the system time, unless it is ahead. */
    now() {
      ms = Math.max(ms, Date.now() - 1)
    },
    /** ISO 8601, one millisecond later than before. */
    next(): string {
      ms++
      const whole = Math.floor(ms / 1000)
      if (whole !== second) {
        second = whole
        prefix = new Date(ms).toISOString().slice(0, -4)
      }
      return `${prefix}${String(ms - whole * 1000).padStart(3, '0')}Z`
    },
  }
}

/** Builds batches of frames of one device and remembers when each message id was sent. */
function createFrames(device: FleetDevice, firstSeq: number) {
  const templates = device.variants.map((values) => frameTemplate(device, values))
  const largest = Math.max(...templates.map(({ frame }) => frame.length))
  const clock = deviceClock()
  const sentAt = new Float64Array(65_536)
  let sent = 0
  let nextId = 1
  return {
    sent: () => sent,
    /** ms since the message was sent. */
    age: (messageId: number) => performance.now() - (sentAt[messageId] as number),
    next(count: number): Buffer {
      const now = performance.now()
      clock.now()
      const batch = Buffer.allocUnsafe(count * largest)
      let at = 0
      for (let n = 0; n < count; n++) {
        const { frame, idAt, tsAt, seqAt } = templates[sent % templates.length] as (typeof templates)[number]
        frame.copy(batch, at)
        batch.writeUInt16BE(nextId, at + idAt)
        batch.write(clock.next(), at + tsAt, 'latin1')
        batch.write(String(firstSeq + sent), at + seqAt, 'latin1')
        sentAt[nextId] = now
        nextId = nextId === 65_535 ? 1 : nextId + 1
        at += frame.length
        sent++
      }
      return batch.subarray(0, at)
    },
  }
}

/** Connects and logs in. `ready` rejects when the login fails; `done` resolves when all is acknowledged or the connection is lost. */
export function loadConnection(options: ConnectionOptions) {
  const { device, window, messages, counters } = options
  const frames = createFrames(device, options.firstSeq)
  const ready = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  const socket = connect({ port: options.port, host: options.host ?? '127.0.0.1', noDelay: true })
  let acknowledged = 0
  let granted = options.rate ? 0 : Number.POSITIVE_INFINITY
  let started = false

  function fill(): void {
    const sent = frames.sent()
    const count = Math.min(window - (sent - acknowledged), messages - sent, granted - sent)
    if (!started || count <= 0) return
    counters.sent += count
    socket.write(frames.next(count))
  }
  const readAcks = ackReader((messageId) => {
    counters.record(frames.age(messageId))
    counters.acknowledged++
    if (++acknowledged === messages) done.resolve()
  })
  socket.write(loginPacket(device))
  socket.once('data', (connack: Buffer) => {
    if (connack[3] === 0) ready.resolve()
    else ready.reject(new Error(`${device.id}: login refused with code ${connack[3]}`))
    socket.on('data', (chunk: Buffer) => {
      readAcks(chunk)
      fill()
    })
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    ready.reject(new Error(`${device.id}: connection lost before the login`))
    if (acknowledged < messages) counters.lost++
    done.resolve()
  })
  return {
    ready: ready.promise,
    done: done.promise,
    start() {
      started = true
      fill()
    },
    /** Raises the number of messages that may have been sent in total. */
    grant(total: number) {
      granted = total
      fill()
    },
    end: () => socket.end(Buffer.from([0xe0, 0])),
  }
}

function loginPacket({ id, secret }: FleetDevice): Buffer {
  return generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: id,
    clean: true,
    keepalive: 600,
    username: id,
    password: Buffer.from(secret),
  })
}

/** Finds PUBACKs (four bytes each) in chunks that may be cut anywhere. */
export function ackReader(onAck: (messageId: number) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    for (; at + 4 <= bytes.length; at += 4) {
      if (bytes[at] !== 0x40) throw new Error(`not a PUBACK: ${bytes[at]}`)
      onAck(bytes.readUInt16BE(at + 2))
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined
  }
}
