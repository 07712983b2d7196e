/** Connections of a replay: one per device, opened at its first message; the least recently used is closed at the limit. */
import { connectAsync, type MqttClient } from 'mqtt'
import { LinliError } from '../../model/errors.ts'

export interface SenderOptions {
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Undefined for a device without a secret. */
  secretOf(device: string): string | undefined
  readonly maxConnections: number
  /** ms to wait for a PUBACK before the message counts as refused. */
  readonly ackTimeoutMs: number
}

export interface OutgoingPublish {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

/** `stored` = PUBACK. */
export type SendResult = 'stored' | 'no-secret' | 'login-refused' | 'no-answer'

export interface Sender {
  /** Resolves with the outcome. @throws LinliError BROKER_UNREACHABLE */
  send(device: string, sending: OutgoingPublish): Promise<SendResult>
  close(): Promise<void>
}

const ATTEMPTS = 5
const ATTEMPT_GAP_MS = 500
const CONNACK_REFUSALS: ReadonlySet<unknown> = new Set([2, 4, 5])

type Connection = MqttClient | 'login-refused'

export function createSender(options: SenderOptions): Sender {
  const connections = createConnections(options)
  return {
    async send(device, sending) {
      const secret = options.secretOf(device)
      if (secret === undefined) return 'no-secret'
      const client = await connections.of(device, secret)
      if (client === 'login-refused') return client
      if (await publish(client, sending, options.ackTimeoutMs)) return 'stored'
      connections.abandon(device, client)
      return 'no-answer'
    },
    close: connections.close,
  }
}

function createConnections({ url, maxConnections }: SenderOptions) {
  /** In order of last use. */
  const connections = new Map<string, Promise<Connection>>()
  const closing = new Map<string, Promise<void>>()

  function forget(device: string): Promise<void> {
    const client = connections.get(device)
    connections.delete(device)
    const closed = closeClient(client).finally(() => closing.delete(device))
    closing.set(device, closed)
    return closed
  }

  /** Waits for the old connection of the device: the new one would take it over and lose messages in flight. */
  async function open(device: string, secret: string): Promise<Connection> {
    await closing.get(device)
    while (connections.size > maxConnections) {
      const [oldest] = connections.keys()
      if (oldest === undefined || oldest === device) break
      await forget(oldest)
    }
    return openClient(url, device, secret)
  }

  return {
    /** Not async, so that callers of one connection continue in the order of their calls. */
    of(device: string, secret: string): Promise<Connection> {
      const client = connections.get(device) ?? open(device, secret)
      connections.delete(device)
      connections.set(device, client)
      return client
    },
    /** Ends a connection that would keep resending an unwanted message. */
    abandon(device: string, client: MqttClient): void {
      connections.delete(device)
      client.end(true)
    },
    async close(): Promise<void> {
      await Promise.all([...connections.keys()].map(forget))
      await Promise.all(closing.values())
    },
  }
}

async function closeClient(client: Promise<Connection> | undefined): Promise<void> {
  const open = await client?.catch(() => undefined)
  if (open && open !== 'login-refused') await open.endAsync()
}

/** No Last Will: the recorded log contains the offline status itself. */
async function openClient(url: string, device: string, secret: string): Promise<Connection> {
  let cause: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, ATTEMPT_GAP_MS))
    try {
      return await connectAsync(url, loginOf(device, secret), false)
    } catch (error) {
      if (CONNACK_REFUSALS.has((error as { code?: unknown }).code)) return 'login-refused'
      cause = error
    }
  }
  throw new LinliError('BROKER_UNREACHABLE', `no response from ${url} after ${ATTEMPTS} attempts`, { cause })
}

const loginOf = (device: string, secret: string) => ({
  clientId: device,
  username: device,
  password: secret,
  protocolVersion: 4 as const,
  clean: true,
  reconnectPeriod: ATTEMPT_GAP_MS,
  connectTimeout: 10_000,
})

/** True when the hub acknowledged in time. The client itself resends after a lost connection. */
function publish(
  client: MqttClient,
  { topic, payload, retain }: OutgoingPublish,
  ackTimeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ackTimeoutMs)
    client.publish(topic, payload, { qos: 1, retain }, (error) => {
      clearTimeout(timer)
      resolve(!error)
    })
  })
}
