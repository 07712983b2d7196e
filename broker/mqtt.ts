/** Aedes with our hooks: Aedes handles the protocol, the hooks decide. */
import type { EventEmitter } from 'node:events'
import { Aedes, type Client } from 'aedes'
import type { Logger } from '../model/ports/logger.ts'
import type { Connections } from './connections.ts'
import { type DeliverDeps, deliverHook } from './deliver.ts'
import { DeviceStore } from './device-store.ts'
import type { Guard } from './guard.ts'
import { authenticateHook, type LoginDeps, preConnectHook } from './login.ts'
import type { BrokerMetrics } from './metrics.ts'
import type { BrokerOptions } from './options.ts'
import { type Refusals, RefusedError } from './refusals.ts'

export interface MqttDeps
  extends Pick<LoginDeps, 'authenticate' | 'deviceTopic' | 'failedLogins' | 'takeovers'>,
    Pick<DeliverDeps, 'deliver' | 'onAcknowledged'> {
  readonly connections: Connections
  readonly refusals: Refusals
  readonly metrics: BrokerMetrics
  readonly logger: Logger
  readonly isStopping: () => boolean
}

/** Aedes only ever gets guards as connections. */
const guardOf = (client: Client): Guard => client.conn as Guard

/** A server without a listener; connections are passed to `handle`. */
export function createMqtt(options: BrokerOptions, deps: MqttDeps): Aedes {
  const { connections, refusals, metrics } = deps
  const login: LoginDeps = {
    ...deps,
    guardOf,
    keepaliveLimit: options.keepaliveLimit,
    onTakeover: () => metrics.takeovers.add(),
  }
  const aedes = new Aedes({
    // Each internal publish goes to one device; a limit would let stalled devices block all others.
    concurrency: 0,
    connectTimeout: options.connectTimeout * 1000,
    drainTimeout: options.drainTimeout * 1000,
    maxTopicLevels: 8,
    persistence: new DeviceStore({ commandTopic: (id) => connections.of(id)?.session?.commandTopic }),
    preConnect: preConnectHook(login),
    authenticate: authenticateHook(login),
    authorizePublish: deliverHook({
      deliver: deps.deliver,
      refusals,
      guardOf,
      onAcknowledged: deps.onAcknowledged,
      wantsWill: (session) => !deps.isStopping() && !connections.isReplaced(session),
    }),
    authorizeSubscribe: (client, subscription, done) => {
      const { session } = guardOf(client)
      if (session && subscription.topic === session.commandTopic) {
        done(null, subscription)
        return
      }
      refusals.subscription(session?.device ?? '', subscription.topic)
      // Without a subscription the SUBACK return code is 0x80.
      done(null, null)
    },
    // Second line of defence: whatever was subscribed to, a device only gets its own commands.
    authorizeForward: (client, packet) =>
      packet.topic === guardOf(client).session?.commandTopic ? packet : null,
  })
  aedes.on('clientReady', (client) => guardOf(client).admit())
  watchErrors(aedes, deps)
  return aedes
}

function watchErrors(aedes: Aedes, { refusals, logger, isStopping }: MqttDeps): void {
  const reported = new WeakSet<Guard>()
  const onClientError = (client: Client, error: Error): void => {
    const guard = guardOf(client)
    // Every message in flight reports the same end.
    if (error instanceof RefusedError || isStopping() || reported.has(guard)) return
    reported.add(guard)
    const device = guard.session?.device
    refusals.drop(dropReason(error), { device, address: guard.remoteAddress, error: error.message })
  }
  aedes.on('clientError', onClientError)
  aedes.on('connectionError', onClientError)
  // Not in the types of Aedes; without a listener it would end the process.
  const emitter: EventEmitter = aedes
  emitter.on('error', (error: Error) => logger.error({ error }, 'MQTT server error'))
}

/** Error messages of Aedes -> metric label. */
const dropReasons: ReadonlyMap<string, string> = new Map([
  ['keep alive timeout', 'keep-alive'],
  ['connect did not arrive in time', 'no-connect'],
  ['drain timeout', 'answers-not-taken'],
])

function dropReason(error: Error): string {
  return dropReasons.get(error.message) ?? ('code' in error ? 'connection-lost' : 'protocol')
}
