/** Connections of a replay: one a device, opened when it first speaks, the longest unused closed when there are too many. */
import { connectAsync, type MqttClient } from 'mqtt'
import { LinliError } from '../../model/errors.ts'

export interface SenderOptions {
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Undefined for a device that has none. */
  secretOf(device: string): string | undefined
  readonly maxConnections: number
  /** ms to wait for a PUBACK before the message counts as refused. */
  readonly answerMs: number
}

export interface Sending {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

/** `stored` = PUBACK. */
export type SendResult = 'stored' | 'no-secret' | 'login-refused' | 'no-answer'

export interface Sender {
  /** Resolves with the hub's answer. @throws LinliError BROKER_UNREACHABLE */
  send(device: string, sending: Sending): Promise<SendResult>
  close(): Promise<void>
}

const ATTEMPTS = 5
const ATTEMPT_GAP_MS = 500
const CONNACK_REFUSALS: ReadonlySet<unknown> = new Set([2, 4, 5])

export function createSender(options: SenderOptions): Sender {
  /** In order of last use. */
  const clients = new Map<string, Promise<MqttClient | 'login-refused'>>()

  async function forget(device: string): Promise<void> {
    const client = await clients.get(device)
    clients.delete(device)
    if (client && client !== 'login-refused') await client.endAsync()
  }

  async function clientOf(device: string, secret: string): Promise<MqttClient | 'login-refused'> {
    const used = clients.get(device)
    if (used) {
      clients.delete(device)
      clients.set(device, used)
      return used
    }
    const [oldest] = clients.keys()
    if (oldest !== undefined && clients.size >= options.maxConnections) await forget(oldest)
    const opened = openClient(options.url, device, secret)
    clients.set(device, opened)
    return opened
  }

  return {
    async send(device, sending) {
      const secret = options.secretOf(device)
      if (secret === undefined) return 'no-secret'
      const client = await clientOf(device, secret)
      if (client === 'login-refused') return client
      const stored = await publish(client, sending, options.answerMs)
      if (stored) return 'stored'
      // It would go on trying to send what the hub does not want.
      clients.delete(device)
      client.end(true)
      return 'no-answer'
    },
    async close() {
      await Promise.all([...clients.keys()].map(forget))
    },
  }
}

/** No Last Will: a recorded log says itself when a device was lost. */
async function openClient(
  url: string,
  device: string,
  secret: string,
): Promise<MqttClient | 'login-refused'> {
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
  throw new LinliError('BROKER_UNREACHABLE', `no answer from ${url} after ${ATTEMPTS} attempts`, { cause })
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

/** True when the hub answered in time. The client itself resends after a lost connection. */
function publish(
  client: MqttClient,
  { topic, payload, retain }: Sending,
  answerMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), answerMs)
    client.publish(topic, payload, { qos: 1, retain }, (error) => {
      clearTimeout(timer)
      resolve(!error)
    })
  })
}
