/** The simulated community on the wire: one MQTT connection a device, nothing but MQTT to the hub. */
import type { Cancel, Clock } from '../model/clock.ts'
import type { CommunityFile } from '../model/community-file.ts'
import type { Logger } from '../model/ports/logger.ts'
import { createLine, type Line, type LineCounts } from './device-link.ts'
import { greetings, outgoing } from './messages.ts'
import type { Plan } from './plan.ts'
import { createRandom } from './random.ts'
import { type Subject, subjectsOf } from './subject.ts'
import { createWorld, type Emission } from './world.ts'

export interface SimulatorOptions {
  readonly community: CommunityFile
  /** Secrets by device id; a device without one takes no part. */
  readonly credentials: Readonly<Record<string, string>>
  readonly plan: Plan
  readonly seed: string
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Simulated seconds a second; 1 = as the clock goes. Faster only suits a hub on the replay clock. */
  readonly speed: number
  /** Start of simulated time, ms; the clock's own when absent. */
  readonly from?: number
}

export interface SimulatorDeps {
  readonly clock: Clock
  readonly logger: Logger
}

export interface SimulatorStats extends Readonly<LineCounts> {
  readonly devices: number
  readonly connected: number
  /** Devices without a secret or of a type that no behaviour is known for. */
  readonly passedOver: readonly string[]
}

export interface Simulator {
  /** Resolves once every device has tried to connect; those that could not go on trying. */
  start(): Promise<void>
  /** Devices leave politely, without a Last Will, so that a restart does not look like 200 failures. */
  stop(): Promise<void>
  stats(): SimulatorStats
}

const TICK_MS = 20
const RETRY_MS = { least: 1000, most: 5000 } as const
const LEAVE_MS = 2000

export function createSimulator(options: SimulatorOptions, { clock, logger }: SimulatorDeps): Simulator {
  const counts: LineCounts = { sent: 0, acknowledged: 0, dropped: 0, refused: 0 }
  const { community, passedOver } = withSecrets(options)
  let simulatedNow = () => clock.now()
  const lines = openLines(community, options, { now: () => simulatedNow(), logger, counts })
  const tried = new Map<string, Promise<void>>()
  let ticking: Cancel | undefined
  let unknown: readonly string[] = []

  function start(): Promise<void> {
    const startedAt = clock.now()
    const from = options.from ?? startedAt
    const world = createWorld({ community, seed: options.seed, plan: options.plan, from })
    unknown = world.passedOver
    simulatedNow = () => from + (clock.now() - startedAt) * options.speed
    return new Promise((resolve) => {
      let greeted = false
      const tick = (): void => {
        for (const emission of world.advance(simulatedNow()))
          act(emission, lines.get(emission.subject.id), tried)
        if (greeted || tried.size < world.devices) return
        greeted = true
        void Promise.all(tried.values()).then(() => resolve())
      }
      ticking = clock.every(TICK_MS, tick)
      tick()
    })
  }
  return {
    start,
    async stop() {
      ticking?.()
      await Promise.all([...lines.values()].map((line) => line.close(LEAVE_MS)))
    },
    stats: () => ({
      ...counts,
      devices: lines.size,
      connected: [...lines.values()].filter((line) => line.isOpen()).length,
      passedOver: [...passedOver, ...unknown],
    }),
  }
}

function withSecrets({ community, credentials }: SimulatorOptions): {
  community: CommunityFile
  passedOver: readonly string[]
} {
  const known = (id: string) => Object.hasOwn(credentials, id)
  return {
    community: { ...community, devices: community.devices.filter((device) => known(device.id)) },
    passedOver: community.devices.map((device) => device.id).filter((id) => !known(id)),
  }
}

function openLines(
  community: CommunityFile,
  { credentials, seed, url }: SimulatorOptions,
  { now, logger, counts }: { now(): number; readonly logger: Logger; readonly counts: LineCounts },
): ReadonlyMap<string, Line> {
  const random = createRandom(`lines/${seed}`)
  const lineOf = (subject: Subject): Line =>
    createLine({
      subject,
      url,
      secret: credentials[subject.id] ?? '',
      retryMs: random.int(RETRY_MS.least, RETRY_MS.most),
      logger,
      counts,
      greetings: () => greetings(subject, now()),
    })
  return new Map(subjectsOf(community).map((subject) => [subject.id, lineOf(subject)]))
}

function act(emission: Emission, line: Line | undefined, tried: Map<string, Promise<void>>): void {
  if (!line) return
  if (emission.kind === 'connect') tried.set(emission.subject.id, line.open())
  if (emission.kind === 'drop') line.cut()
  if (emission.kind === 'message') line.send(outgoing(emission.subject, emission.channel, emission.payload))
}
