/** The MQTT edge: who may speak, about what, how fast; every message goes to one function and is acknowledged by it. */
import type { EventEmitter } from 'node:events'
import { Aedes, type Client } from 'aedes'
import type { Cancel, Clock } from '../model/clock.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import { quietLog } from '../model/quiet-log.ts'
import { parseTopic } from '../model/topics.ts'
import { deliverHook, type PublishedMessage } from './deliver.ts'
import { DeviceStore } from './device-store.ts'
import { failedLogins } from './failed-logins.ts'
import { Guard } from './guard.ts'
import { type Address, createListeners } from './listeners.ts'
import { type Authenticate, authenticateHook, type LoginDeps, preConnectHook } from './login.ts'
import { brokerMetrics } from './metrics.ts'
import type { BrokerOptions } from './options.ts'
import { rateBucket, STEPS_PER_SECOND } from './rate.ts'
import { createRefusals, RefusedError } from './refusals.ts'
import type { DevicePlace, Session } from './session.ts'
import { takeovers } from './takeovers.ts'

export interface BrokerDeps {
  /** `ok` or a reason (`unknown-device`, `wrong-secret`, `revoked`). */
  readonly authenticate: Authenticate
  /** Where a device belongs; undefined = not known, refused. Asked at login: kick a device whose place changed. */
  readonly deviceTopic: (device: string) => DevicePlace | undefined
  /** Resolves when the message may be acknowledged; a rejection cuts the connection without an acknowledgement. */
  readonly deliver: (message: PublishedMessage) => Promise<unknown>
  readonly logger: Logger
  readonly metrics: Metrics
  readonly clock: Clock
}

/** What became of a command: `offline` is not kept for later, `busy` = the device takes nothing at the moment. */
export type CommandResult = 'sent' | 'offline' | 'busy' | 'not-a-command'

export interface Broker {
  start(): Promise<void>
  /** Takes nothing new, answers what is under way, then hangs up. Wills are not sent: the devices are still there. */
  stop(): Promise<void>
  address(): Address
  /** Hangs up on a device, e.g. a revoked one. False when it is not connected. */
  kick(device: string, reason: string): boolean
  /** Sends a command (QoS 1) to its device. */
  publish(topic: string, payload: string | Buffer): Promise<CommandResult>
  /** Devices connected now. */
  connections(): number
}

export function createBroker(options: BrokerOptions, deps: BrokerDeps): Broker {
  const guards = new Set<Guard>()
  const connected = new Map<string, Guard>()
  const throttled = new Set<Guard>()
  const certificateNames = new WeakMap<Guard, string>()
  const pace = { steps: 0 }
  let stopping = false
  let cancelPace: Cancel = () => {}

  const inFlight = (): number => {
    let sum = 0
    for (const guard of guards) sum += guard.session?.answers.pending ?? 0
    return sum
  }
  const metrics = brokerMetrics(deps.metrics, { connections: () => connected.size, inFlight })
  const refusals = createRefusals(quietLog(deps.logger, deps.clock), metrics)
  const guardOf = (client: Client): Guard => client.conn as Guard

  const login: LoginDeps = {
    ...deps,
    guardOf,
    certificateNameOf: (guard) => certificateNames.get(guard),
    connected,
    failedLogins: failedLogins(pace),
    takeovers: takeovers(pace),
    refusals,
    onTakeover: () => metrics.takeovers.add(),
    keepaliveLimit: options.keepaliveLimit,
  }
  const aedes = new Aedes({
    // Internal deliveries go to their own device only; a limit here would let frozen devices stop all others.
    concurrency: 0,
    connectTimeout: options.connectTimeout * 1000,
    drainTimeout: options.drainTimeout * 1000,
    maxTopicLevels: 8,
    persistence: new DeviceStore({ commandTopic: (id) => connected.get(id)?.session?.commandTopic }),
    preConnect: preConnectHook(login),
    authenticate: authenticateHook(login),
    authorizePublish: deliverHook({
      deliver: deps.deliver,
      refusals,
      sessionOf: (client) => guardOf(client).session,
      onAnswered: (client) => {
        metrics.acknowledged.add()
        guardOf(client).answered()
      },
      wantsWill,
    }),
    authorizeSubscribe: (client, subscription, done) => {
      const session = guardOf(client).session
      if (session && subscription.topic === session.commandTopic) return done(null, subscription)
      refusals.subscription(session?.device ?? '', subscription.topic)
      done(null, null)
    },
    authorizeForward: (client, packet) =>
      packet.topic === guardOf(client).session?.commandTopic ? packet : null,
  })

  function onSocket(
    socket: ConstructorParameters<typeof Guard>[0],
    certificateName: string | undefined,
  ): void {
    const guard = new Guard(socket, {
      maxPacketBytes: options.maxPacketBytes,
      maxInFlight: options.maxInFlight,
      rate: rateBucket(options.messagesPerSecond, pace),
      onFault: (one, reason) =>
        refusals.drop(reason, { device: one.session?.device, address: one.remoteAddress }),
      onThrottle: (one) => {
        if (!throttled.has(one)) metrics.throttled.add()
        throttled.add(one)
      },
    })
    if (certificateName !== undefined) certificateNames.set(guard, certificateName)
    guards.add(guard)
    guard.once('close', () => forget(guard))
    aedes.handle(guard)
  }

  function forget(guard: Guard): void {
    guards.delete(guard)
    throttled.delete(guard)
    const { session } = guard
    session?.answers.close()
    if (session && connected.get(session.device) === guard) connected.delete(session.device)
  }

  /** The will of a connection that a newer one has replaced says nothing: the device is there. */
  function wantsWill(session: Session): boolean {
    const present = connected.get(session.device)
    return !stopping && (!present || present.destroyed || present.session === session)
  }

  function step(): void {
    pace.steps++
    for (const guard of [...throttled]) {
      throttled.delete(guard)
      guard.refilled()
    }
  }

  const onClientError = (client: Client, error: Error): void => {
    if (error instanceof RefusedError || stopping) return
    const guard = guardOf(client)
    refusals.drop(dropReason(error), {
      device: guard.session?.device,
      address: guard.remoteAddress,
      error: error.message,
    })
  }
  aedes.on('clientReady', (client) => guardOf(client).admit())
  aedes.on('clientError', onClientError)
  aedes.on('connectionError', onClientError)
  // Not in the types of Aedes; without a listener it would end the process.
  const emitter: EventEmitter = aedes
  emitter.on('error', (error: Error) => deps.logger.error({ error }, 'broker error'))

  const listeners = createListeners(options, {
    onSocket,
    onTlsError: (error, address) => refusals.connect('tls', { address, error: error.message }),
    onTooMany: () => refusals.connect('too-many-connections', {}),
    onServerError: (error) => deps.logger.error({ error }, 'listening socket'),
  })

  return {
    async start() {
      await aedes.listen()
      cancelPace = deps.clock.every(1000 / STEPS_PER_SECOND, step)
      await listeners.start()
    },
    async stop() {
      stopping = true
      listeners.stop()
      for (const guard of guards) guard.halt()
      await drained(inFlight, options.drainTimeout * STEPS_PER_SECOND)
      await new Promise<void>((resolve) => aedes.close(resolve))
      for (const guard of guards) guard.destroy()
      cancelPace()
    },
    address: listeners.address,
    kick(device, reason) {
      const guard = connected.get(device)
      if (!guard) return false
      refusals.drop(reason, { device, address: guard.remoteAddress })
      guard.destroy()
      return true
    },
    async publish(topic, payload) {
      const parts = parseTopic(topic)
      if (parts?.channel !== 'cmd') return 'not-a-command'
      const guard = connected.get(parts.device)
      if (!guard || guard.destroyed || guard.session?.commandTopic !== topic) return 'offline'
      if (guard.isBehind) return 'busy'
      const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const
      return new Promise((resolve, reject) =>
        aedes.publish(packet, (error) => (error ? reject(error) : resolve('sent'))),
      )
    },
    connections: () => connected.size,
  }
}

/** Waits until nothing is under way, at most `steps` tenths of a second, and then until the answers are written. */
async function drained(inFlight: () => number, steps: number): Promise<void> {
  for (let step = 0; inFlight() > 0 && step < steps; step++)
    await new Promise((resolve) => setTimeout(resolve, 1000 / STEPS_PER_SECOND))
  await new Promise(setImmediate)
}

function dropReason(error: Error): string {
  if (error.message === 'keep alive timeout') return 'keep-alive'
  if (error.message === 'connect did not arrive in time') return 'no-connect'
  if (error.message === 'drain timeout') return 'answers-not-taken'
  return 'code' in error ? 'connection-lost' : 'protocol'
}
