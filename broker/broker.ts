/** The MQTT edge: who may publish, to which topics, how fast. Every message goes to `deliver` and is acknowledged by it. */
import type { Aedes } from 'aedes'
import type { Cancel, Clock } from '../model/clock.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import { rateLimitedLog } from '../model/rate-limited-log.ts'
import { parseTopic } from '../model/topics.ts'
import { type Connections, createConnections } from './connections.ts'
import { type Deliver, deliverPlain } from './deliver.ts'
import type { Guard } from './guard.ts'
import { type Address, createListeners } from './listeners.ts'
import type { Authenticate } from './login.ts'
import { failedLogins, takeovers } from './login-limits.ts'
import { brokerMetrics } from './metrics.ts'
import { createMqtt } from './mqtt.ts'
import type { BrokerOptions } from './options.ts'
import { STEPS_PER_SECOND } from './rate.ts'
import { createRefusals } from './refusals.ts'
import type { DevicePlace } from './session.ts'

export interface BrokerDeps {
  /** `ok` or a reason (`unknown-device`, `wrong-secret`, `revoked`). */
  readonly authenticate: Authenticate
  /** Site and type of a device; undefined = unknown, refused. Asked at login only: disconnect a device that has moved. */
  readonly deviceTopic: (device: string) => DevicePlace | undefined
  /** `stored` acknowledges the message; `failed`, or a throw, drops the connection without an acknowledgement. */
  readonly deliver: Deliver
  readonly logger: Logger
  readonly metrics: Metrics
  readonly clock: Clock
}

/** Outcome of a command: `offline` = not queued for later, `busy` = the device does not read at the moment. */
export type CommandResult = 'sent' | 'offline' | 'busy' | 'not-a-command'

export interface Broker {
  /** Listens. CONFIG_INVALID when a port is taken or a certificate cannot be read. */
  start(): Promise<void>
  /** Stops reading, answers what is in flight, then disconnects. No Last Wills: the devices are still alive. */
  stop(): Promise<void>
  /** The ports it listens on, after `start`. */
  address(): Address
  /** Disconnects a device, e.g. a revoked one. False when it is not connected. */
  disconnect(device: string, reason: string): boolean
  /** Sends a command (QoS 1) to its device. */
  publish(topic: string, payload: string | Buffer): Promise<CommandResult>
  /** Devices connected now. */
  connections(): number
}

export function createBroker(options: BrokerOptions, deps: BrokerDeps): Broker {
  const pace = { steps: 0 }
  let stopping = false
  let cancelPace: Cancel = () => {}

  const reportDrop = (guard: Guard, reason: string): void =>
    refusals.drop(reason, { device: guard.session?.device, address: guard.remoteAddress })
  const onAcknowledged = (count: number): void => metrics.acknowledged.add(undefined, count)
  const connections = createConnections(options, {
    pace,
    onProblem: reportDrop,
    onStalled: reportDrop,
    onThrottle: () => metrics.throttled.add(),
    onAcknowledged,
    onPublish: (guard, message) => publishPlain(guard, message),
  })
  const metrics = brokerMetrics(deps.metrics, {
    connections: () => connections.devices,
    inFlight: connections.inFlight,
  })
  const refusals = createRefusals(rateLimitedLog(deps.logger, deps.clock), metrics)
  const publishPlain = deliverPlain({ deliver: deps.deliver, refusals, onAcknowledged })
  const mqtt = createMqtt(options, {
    ...deps,
    onAcknowledged,
    connections,
    refusals,
    metrics,
    failedLogins: failedLogins(pace),
    takeovers: takeovers(pace),
    isStopping: () => stopping,
  })
  const listeners = createListeners(options, {
    onSocket: (socket, certificateName) => void mqtt.handle(connections.open(socket, certificateName)),
    onTlsError: (error, address) => refusals.connect('tls', { address, error: error.message }),
    onTooMany: () => refusals.connect('too-many-connections', {}),
    onServerError: (error) => deps.logger.error({ error }, 'listening socket'),
  })

  return {
    async start() {
      await mqtt.listen()
      cancelPace = deps.clock.every(1000 / STEPS_PER_SECOND, () => {
        pace.steps++
        connections.refill()
        if (pace.steps % STEPS_PER_SECOND === 0) connections.sweep()
      })
      await listeners.start()
    },
    async stop() {
      stopping = true
      listeners.stop()
      for (const guard of connections.all) guard.halt()
      await drained(connections.inFlight, options.drainTimeout * STEPS_PER_SECOND)
      await new Promise<void>((resolve) => mqtt.close(resolve))
      for (const guard of connections.all) guard.destroy()
      cancelPace()
    },
    address: listeners.address,
    disconnect(device, reason) {
      const guard = connections.of(device)
      if (!guard) return false
      refusals.drop(reason, { device, address: guard.remoteAddress })
      guard.destroy()
      return true
    },
    publish: (topic, payload) => publishCommand({ connections, mqtt }, topic, payload),
    connections: () => connections.devices,
  }
}

interface CommandDeps {
  readonly connections: Connections
  readonly mqtt: Aedes
}

async function publishCommand(
  { connections, mqtt }: CommandDeps,
  topic: string,
  payload: string | Buffer,
): Promise<CommandResult> {
  const address = parseTopic(topic)
  if (address?.channel !== 'cmd') return 'not-a-command'
  const guard = connections.of(address.device)
  if (guard?.session?.commandTopic !== topic) return 'offline'
  if (guard.isBehind) return 'busy'
  const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const
  return new Promise((resolve, reject) =>
    mqtt.publish(packet, (error) => (error ? reject(error) : resolve('sent'))),
  )
}

/** Waits until nothing is in flight, at most `steps` of the pace, then until the answers are written. */
async function drained(inFlight: () => number, steps: number): Promise<void> {
  for (let step = 0; inFlight() > 0 && step < steps; step++)
    await new Promise((resolve) => setTimeout(resolve, 1000 / STEPS_PER_SECOND))
  await new Promise(setImmediate)
}
