/** Connects the simulated community to a hub: one MQTT connection a device, no other channel to the hub. */
import type { Cancel, Clock } from '../model/clock.ts'
import type { CommunityFile } from '../model/community-file.ts'
import type { Logger } from '../model/ports/logger.ts'
import { createDeviceLink, type DeviceLink, type LinkCounts } from './device-link.ts'
import { outgoingOnConnect, toOutgoing } from './messages.ts'
import type { Plan } from './plan.ts'
import { createRandom } from './random.ts'
import { type Subject, subjectsOf } from './subject.ts'
import { createWorld, type Emission } from './world.ts'

export interface SimulatorOptions {
  readonly community: CommunityFile
  /** Secrets by device id; devices without one are left out. */
  readonly credentials: Readonly<Record<string, string>>
  readonly plan: Plan
  readonly seed: string
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Simulated seconds per real second. Values above 1 only suit a hub on the replay clock. */
  readonly speed: number
  /** Start of simulated time, ms; default now. */
  readonly from?: number
}

export interface SimulatorDeps {
  readonly clock: Clock
  readonly logger: Logger
}

export interface SimulatorStats extends Readonly<LinkCounts> {
  readonly devices: number
  readonly connected: number
  /** Devices without a secret or of a type without a behaviour. */
  readonly passedOver: readonly string[]
}

export interface Simulator {
  /** Resolves once every device has tried to connect; failed ones retry in the background. */
  start(): Promise<void>
  /** Disconnects cleanly, without Last Wills, so that a restart does not look like 200 failures. */
  stop(): Promise<void>
  stats(): SimulatorStats
}

const TICK_MS = 20
const RETRY_MS = { least: 1000, most: 5000 } as const
const DISCONNECT_TIMEOUT_MS = 2000

/** A stopped simulator of all devices that have a secret. */
export function createSimulator(options: SimulatorOptions, { clock, logger }: SimulatorDeps): Simulator {
  const counts: LinkCounts = { sent: 0, acknowledged: 0, dropped: 0, refused: 0 }
  const { community, withoutSecret } = selectDevices(options)
  let simulatedNow = () => clock.now()
  const links = createLinks(community, options, { now: () => simulatedNow(), logger, counts })
  const firstAttempts = new Map<string, Promise<void>>()
  let ticking: Cancel | undefined
  let unsupported: readonly string[] = []

  function start(): Promise<void> {
    const startedAt = clock.now()
    const from = options.from ?? startedAt
    const world = createWorld({ community, seed: options.seed, plan: options.plan, from })
    unsupported = world.unsupported
    simulatedNow = () => from + (clock.now() - startedAt) * options.speed
    return new Promise((resolve) => {
      let allAttempted = false
      const tick = (): void => {
        for (const emission of world.advance(simulatedNow()))
          applyEmission(emission, links.get(emission.subject.id), firstAttempts)
        if (allAttempted || firstAttempts.size < world.devices) return
        allAttempted = true
        void Promise.all(firstAttempts.values()).then(() => resolve())
      }
      ticking = clock.every(TICK_MS, tick)
      tick()
    })
  }
  return {
    start,
    async stop() {
      ticking?.()
      await Promise.all([...links.values()].map((link) => link.close(DISCONNECT_TIMEOUT_MS)))
    },
    stats: () => ({
      ...counts,
      devices: links.size,
      connected: [...links.values()].filter((link) => link.isOpen()).length,
      passedOver: [...withoutSecret, ...unsupported],
    }),
  }
}

function selectDevices({ community, credentials }: SimulatorOptions): {
  community: CommunityFile
  withoutSecret: readonly string[]
} {
  const hasSecret = (id: string) => Object.hasOwn(credentials, id)
  return {
    community: { ...community, devices: community.devices.filter((device) => hasSecret(device.id)) },
    withoutSecret: community.devices.map((device) => device.id).filter((id) => !hasSecret(id)),
  }
}

function createLinks(
  community: CommunityFile,
  { credentials, seed, url }: SimulatorOptions,
  { now, logger, counts }: { now(): number; readonly logger: Logger; readonly counts: LinkCounts },
): ReadonlyMap<string, DeviceLink> {
  const random = createRandom(`lines/${seed}`)
  const linkOf = (subject: Subject): DeviceLink =>
    createDeviceLink({
      subject,
      url,
      secret: credentials[subject.id] ?? '',
      retryMs: random.int(RETRY_MS.least, RETRY_MS.most),
      logger,
      counts,
      onConnect: () => outgoingOnConnect(subject, now()),
    })
  return new Map(subjectsOf(community).map((subject) => [subject.id, linkOf(subject)]))
}

function applyEmission(
  emission: Emission,
  link: DeviceLink | undefined,
  firstAttempts: Map<string, Promise<void>>,
): void {
  if (!link) return
  if (emission.kind === 'connect') firstAttempts.set(emission.subject.id, link.open())
  if (emission.kind === 'drop') link.drop()
  if (emission.kind === 'message') link.send(toOutgoing(emission.subject, emission.channel, emission.payload))
}
