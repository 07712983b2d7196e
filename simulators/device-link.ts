/** MQTT connection of one simulated device: MQTT 3.1.1, QoS 1, a Last Will, a bounded queue. */
import { connect, type MqttClient } from 'mqtt'
import type { Logger } from '../model/ports/logger.ts'
import { lastWill, type OutgoingMessage } from './messages.ts'
import type { Subject } from './subject.ts'

export interface DeviceLinkOptions {
  readonly subject: Subject
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  readonly secret: string
  /** ms between two attempts; different for each device, so that they do not all reconnect at once. */
  readonly retryMs: number
  readonly logger: Logger
  readonly counts: LinkCounts
  /** Published after every connect and reconnect. */
  onConnect(): readonly OutgoingMessage[]
}

/** Totals over all links. */
export interface LinkCounts {
  sent: number
  /** Answered with a PUBACK. */
  acknowledged: number
  /** Discarded because the queue was full, or still queued when the connection was dropped. */
  dropped: number
  /** Logins the hub refused. */
  refused: number
}

export interface DeviceLink {
  /** Resolves after the first attempt, successful or not; retries in the background. */
  open(): Promise<void>
  /** Queues the message while disconnected. */
  send(message: OutgoingMessage): void
  /** Closes the socket without DISCONNECT, so the broker publishes the Last Will. Queued messages are lost. */
  drop(): void
  /** Waits up to `ms` for acknowledgements, then disconnects cleanly, without a Last Will. */
  close(ms: number): Promise<void>
  isOpen(): boolean
}

/** Messages a device can buffer while disconnected; newer ones are dropped and counted. */
const QUEUE_LIMIT = 200
/** CONNACK codes after which a retry is pointless: identifier, login, not authorised. */
const REFUSALS: ReadonlySet<unknown> = new Set([2, 4, 5])

/** A closed link; `open` connects it. */
export function createDeviceLink(options: DeviceLinkOptions): DeviceLink {
  let session: Session | undefined
  return {
    open() {
      session ??= openSession(options)
      return session.firstAttempt
    },
    send: (message) => session?.send(message),
    drop() {
      session?.abort()
      session = undefined
    },
    async close(ms) {
      const last = session
      session = undefined
      await last?.disconnect(ms)
    },
    isOpen: () => session?.isOpen() ?? false,
  }
}

interface Session {
  readonly firstAttempt: Promise<void>
  send(message: OutgoingMessage): void
  abort(): void
  disconnect(ms: number): Promise<void>
  isOpen(): boolean
}

function openSession(options: DeviceLinkOptions): Session {
  const { counts } = options
  const client = connectClient(options)
  let unacknowledged = 0
  let closed = false
  const send = ({ topic, payload, retain }: OutgoingMessage): void => {
    if (closed) return
    if (unacknowledged >= QUEUE_LIMIT) {
      counts.dropped++
      return
    }
    unacknowledged++
    counts.sent++
    client.publish(topic, JSON.stringify(payload), { qos: 1, retain }, (error) => {
      if (closed) return
      unacknowledged--
      if (error) counts.dropped++
      else counts.acknowledged++
    })
  }
  const abort = (): void => {
    if (closed) return
    closed = true
    counts.dropped += unacknowledged
    client.end(true)
  }
  client.on('connect', () => options.onConnect().forEach(send))
  const firstAttempt = watchConnection(client, options, abort)
  return {
    firstAttempt,
    send,
    abort,
    isOpen: () => client.connected,
    disconnect: (ms) => disconnect(client, ms, abort),
  }
}

function connectClient({ subject, url, secret, retryMs }: DeviceLinkOptions): MqttClient {
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

/** Resolves after the first attempt; aborts when the hub refuses the login. */
function watchConnection(client: MqttClient, options: DeviceLinkOptions, abort: () => void): Promise<void> {
  const { subject, logger, counts } = options
  client.on('error', (error: Error & { code?: unknown }) => {
    if (!REFUSALS.has(error.code)) {
      logger.debug({ device: subject.id, error: error.message }, 'connection error of a simulated device')
      return
    }
    counts.refused++
    logger.warn({ device: subject.id, code: error.code }, 'the hub refused the login of a simulated device')
    abort()
  })
  return new Promise((resolve) => {
    client.once('connect', () => resolve())
    client.once('close', () => resolve())
  })
}

/** `end` waits for messages in flight; gives up after `ms` when the hub no longer answers. */
function disconnect(client: MqttClient, ms: number, abort: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      abort()
      resolve()
    }, ms)
    client.end(false, {}, () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
