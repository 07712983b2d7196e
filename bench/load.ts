/** Load over raw sockets: QoS 1, one window per connection, frames built once and patched; runs in a child process. */
import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import { buildTopic } from '../model/topics.ts'
import type { FleetDevice } from './fleet.ts'
import { latencyHistogram } from './histogram.ts'

export interface LoadOptions {
  readonly port: number
  readonly host?: string
  /** One connection per device. */
  readonly devices: readonly FleetDevice[]
  /** Unacknowledged messages of one connection. */
  readonly window: number
  /** Total, distributed evenly. */
  readonly messages: number
  /** Total messages per second; 0 = as fast as the window allows. */
  readonly rate?: number
  /** `seq` of the first message of every device, nine digits; higher in a later run on the same hub. */
  readonly firstSeq?: number
}

export interface LoadResult {
  readonly acknowledged: number
  /** Sent, but not acknowledged when a connection was lost. */
  readonly unacknowledged: number
  /** Messages per device; the last one has `seq` firstSeq + share - 1. */
  readonly share: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds from sending to PUBACK. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly lostConnections: number
}

/** Nine digits, so that a frame can be patched in place. */
export const FIRST_SEQ = 100_000_000
const TS_DIGITS = '2000-01-01T00:00:00.000Z'

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

interface Counters {
  acknowledged: number
  sent: number
  lost: number
  readonly record: (ms: number) => void
}

interface Share {
  readonly options: LoadOptions
  readonly device: FleetDevice
  readonly messages: number
  readonly counters: Counters
}

/** One device: logs in, then keeps its window full until all its messages are acknowledged. */
function loadConnection({ options, device, messages, counters }: Share) {
  const templates = device.variants.map((values) => frameTemplate(device, values))
  const largest = Math.max(...templates.map(({ frame }) => frame.length))
  const firstSeq = options.firstSeq ?? FIRST_SEQ
  const clock = deviceClock()
  const sentAt = new Float64Array(65_536)
  let sent = 0
  let acknowledged = 0
  let granted = options.rate ? 0 : Number.POSITIVE_INFINITY
  let nextId = 1
  let started = false
  let finish = (): void => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const socket: Socket = connect({ port: options.port, host: options.host ?? '127.0.0.1', noDelay: true })

  function fill(): void {
    const count = Math.min(options.window - (sent - acknowledged), messages - sent, granted - sent)
    if (!started || count <= 0) return
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
    counters.sent += count
    socket.write(batch.subarray(0, at))
  }

  const onAck = (messageId: number): void => {
    counters.record(performance.now() - (sentAt[messageId] as number))
    counters.acknowledged++
    if (++acknowledged === messages) finish()
  }
  const read = ackReader(onAck)
  let login: (error?: Error) => void = () => {}
  const ready = new Promise<void>((resolve, reject) => {
    login = (error) => (error ? reject(error) : resolve())
  })
  socket.write(loginPacket(device))
  socket.once('data', (connack: Buffer) => {
    if (connack[3] !== 0) login(new Error(`${device.id}: login refused with code ${connack[3]}`))
    else login()
    socket.on('data', (chunk: Buffer) => {
      read(chunk)
      fill()
    })
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    login(new Error(`${device.id}: connection lost before the login`))
    if (acknowledged < messages) counters.lost++
    finish()
  })
  return {
    ready,
    done,
    start: () => {
      started = true
      fill()
    },
    grant: (total: number) => {
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
function ackReader(onAck: (messageId: number) => void): (chunk: Buffer) => void {
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

const LOGINS_AT_ONCE = 200
const GRANT_EVERY_MS = 5

/** Runs the load in this process; logins are not part of the measured time. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const histogram = latencyHistogram()
  const counters: Counters = { acknowledged: 0, sent: 0, lost: 0, record: histogram.record }
  const messages = Math.ceil(options.messages / options.devices.length)
  const all: ReturnType<typeof loadConnection>[] = []
  for (const device of options.devices) {
    all.push(loadConnection({ options, device, messages, counters }))
    if (all.length % LOGINS_AT_ONCE === 0) await Promise.all(all.map(({ ready }) => ready))
  }
  await Promise.all(all.map(({ ready }) => ready))

  const begun = performance.now()
  const stopGranting = options.rate ? startGranting(options.rate, all) : () => {}
  for (const { start } of all) start()
  await Promise.all(all.map(({ done }) => done))
  const seconds = (performance.now() - begun) / 1000
  stopGranting()
  for (const { end } of all) end()
  return {
    acknowledged: counters.acknowledged,
    unacknowledged: counters.sent - counters.acknowledged,
    share: messages,
    seconds,
    perSecond: counters.acknowledged / seconds,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    max: histogram.max(),
    lostConnections: counters.lost,
  }
}

/** Raises the send limit of every connection over time, so that all together send `rate` messages per second. */
function startGranting(rate: number, all: readonly { grant(total: number): void }[]): () => void {
  const begun = performance.now()
  const timer = setInterval(() => {
    const total = ((performance.now() - begun) / 1000) * rate
    // Staggered, so that the connections do not send at the same time.
    for (const [n, { grant }] of all.entries()) grant(Math.floor(total / all.length + n / all.length))
  }, GRANT_EVERY_MS)
  return () => clearInterval(timer)
}

/** Runs the load in a child process, so that it does not use the CPU time of the measured one. */
export function spawnLoad(options: LoadOptions): Promise<LoadResult> {
  const child = fork(import.meta.filename)
  return new Promise((resolve, reject) => {
    child.once('message', (answer: LoadResult | { readonly error: string }) => {
      if ('error' in answer) reject(new Error(answer.error))
      else resolve(answer)
    })
    child.once('exit', (code) => reject(new Error(`the load ended early with code ${code}`)))
    child.send(options)
  })
}

if (process.argv[1] === import.meta.filename && process.send) {
  process.once('message', (options: LoadOptions) => {
    const answer = (value: unknown): void => void process.send?.(value, () => process.disconnect?.())
    runLoad(options).then(answer, (error: unknown) => answer({ error: String(error) }))
  })
}
