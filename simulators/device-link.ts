/** The line of one simulated device to the hub: MQTT 3.1.1, QoS 1, a Last Will, a bounded queue. */
import { connect, type MqttClient } from 'mqtt'
import type { Logger } from '../model/ports/logger.ts'
import { lastWill, type Outgoing } from './messages.ts'
import type { Subject } from './subject.ts'

export interface LineOptions {
  readonly subject: Subject
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  readonly secret: string
  /** ms between two attempts; each device its own, so that they do not all come back at once. */
  readonly retryMs: number
  readonly logger: Logger
  readonly counts: LineCounts
  /** Said whenever the line is there (again). */
  greetings(): readonly Outgoing[]
}

/** Of all lines together. */
export interface LineCounts {
  sent: number
  /** Answered with a PUBACK. */
  acknowledged: number
  /** Not taken into a full queue, or in one when the line was cut. */
  dropped: number
  /** Logins the hub refused. */
  refused: number
}

export interface Line {
  /** Resolves after the first attempt, whatever became of it; goes on trying by itself. */
  open(): Promise<void>
  /** Queued while the line is away. */
  send(message: Outgoing): void
  /** Cut without a word: the hub hears the Last Will. What was queued is lost. */
  cut(): void
  /** Waits for answers up to `ms`, then leaves politely, without a Last Will. */
  close(ms: number): Promise<void>
  isOpen(): boolean
}

/** What a device can hold back while it is away; beyond that the newest are dropped and counted. */
const QUEUE_LIMIT = 200
/** CONNACK codes after which trying again is pointless: identifier, login, not authorised. */
const REFUSALS: ReadonlySet<unknown> = new Set([2, 4, 5])

export function createLine(options: LineOptions): Line {
  let session: Session | undefined
  return {
    open() {
      session ??= openSession(options)
      return session.tried
    },
    send: (message) => session?.send(message),
    cut() {
      session?.abandon()
      session = undefined
    },
    async close(ms) {
      const last = session
      session = undefined
      await last?.leave(ms)
    },
    isOpen: () => session?.isOpen() ?? false,
  }
}

interface Session {
  readonly tried: Promise<void>
  send(message: Outgoing): void
  abandon(): void
  leave(ms: number): Promise<void>
  isOpen(): boolean
}

function openSession(options: LineOptions): Session {
  const { counts } = options
  const client = connectClient(options)
  let waiting = 0
  let over = false
  const send = ({ topic, payload, retain }: Outgoing): void => {
    if (over) return
    if (waiting >= QUEUE_LIMIT) {
      counts.dropped++
      return
    }
    waiting++
    counts.sent++
    client.publish(topic, JSON.stringify(payload), { qos: 1, retain }, (error) => {
      if (over) return
      waiting--
      if (error) counts.dropped++
      else counts.acknowledged++
    })
  }
  const abandon = (): void => {
    if (over) return
    over = true
    counts.dropped += waiting
    client.end(true)
  }
  client.on('connect', () => options.greetings().forEach(send))
  const tried = watch(client, options, abandon)
  return { tried, send, abandon, isOpen: () => client.connected, leave: (ms) => leave(client, ms, abandon) }
}

function connectClient({ subject, url, secret, retryMs }: LineOptions): MqttClient {
  const will = lastWill(subject)
  return connect(url, {
    clientId: subject.id,
    username: subject.id,
    password: secret,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: retryMs,
    keepalive: 60,
    will: {
      topic: will.topic,
      payload: Buffer.from(JSON.stringify(will.payload)),
      qos: 1,
      retain: will.retain,
    },
  })
}

/** Resolves after the first attempt; gives up when the hub refuses the login. */
function watch(client: MqttClient, options: LineOptions, abandon: () => void): Promise<void> {
  const { subject, logger, counts } = options
  client.on('error', (error: Error & { code?: unknown }) => {
    if (!REFUSALS.has(error.code)) {
      logger.debug({ device: subject.id, error: error.message }, 'line of a simulated device')
      return
    }
    counts.refused++
    logger.warn({ device: subject.id, code: error.code }, 'the hub refused the login of a simulated device')
    abandon()
  })
  return new Promise((resolve) => {
    client.once('connect', () => resolve())
    client.once('close', () => resolve())
  })
}

/** `end` waits for what is under way; a hub that answers no more is not waited for longer than `ms`. */
function leave(client: MqttClient, ms: number, abandon: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      abandon()
      resolve()
    }, ms)
    client.end(false, {}, () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
