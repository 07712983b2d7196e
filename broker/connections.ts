/** All open connections, and the current one of each device. */
import type { Socket } from 'node:net'
import type { FrameProblem } from './frames.ts'
import { Guard } from './guard.ts'
import type { BrokerOptions } from './options.ts'
import type { PlainPublish } from './plain-publish.ts'
import { type Pace, rateBucket } from './rate.ts'
import type { Session } from './session.ts'
import type { StallReason } from './stall.ts'

export interface Connections {
  /** Wraps a new socket in a guard; it is removed when it closes. */
  open(socket: Socket, certificateName: string | undefined): Guard
  /** The current connection of a device. */
  of(device: string): Guard | undefined
  /** Makes this the current connection of its device. */
  enter(session: Session, guard: Guard): void
  /** True when the device is connected by a newer session. */
  isReplaced(session: Session): boolean
  /** Resumes devices that were over their rate. */
  refill(): void
  /** Disconnects devices that exceeded their keep-alive or do not read their answers. */
  sweep(): void
  /** Messages delivered and not acknowledged yet, of all connections. */
  inFlight(): number
  readonly devices: number
  readonly all: ReadonlySet<Guard>
}

export interface ConnectionsDeps {
  readonly pace: Pace
  readonly onProblem: (guard: Guard, problem: FrameProblem) => void
  /** See Guard. */
  readonly onPublish: (guard: Guard, message: PlainPublish) => void
  /** This many publishes were acknowledged. */
  readonly onAcknowledged: (count: number) => void
  readonly onStalled: (guard: Guard, reason: StallReason) => void
  /** A device exceeded its rate. */
  readonly onThrottle: () => void
}

export function createConnections(options: BrokerOptions, deps: ConnectionsDeps): Connections {
  const all = new Set<Guard>()
  const present = new Map<string, Guard>()
  const throttled = new Set<Guard>()
  const scheduleFlush = flushAtEndOfTurn()

  const of = (device: string): Guard | undefined => {
    const guard = present.get(device)
    return guard?.destroyed ? undefined : guard
  }
  function throttle(guard: Guard): void {
    if (!throttled.has(guard)) deps.onThrottle()
    throttled.add(guard)
  }
  function forget(guard: Guard): void {
    all.delete(guard)
    throttled.delete(guard)
    const { session } = guard
    session?.answers.close()
    if (session && present.get(session.device) === guard) present.delete(session.device)
  }
  return {
    open(socket, certificateName) {
      const guard = new Guard(socket, {
        maxPacketBytes: options.maxPacketBytes,
        maxInFlight: options.maxInFlight,
        rate: rateBucket(options.messagesPerSecond, deps.pace),
        pace: deps.pace,
        drainTimeout: options.drainTimeout,
        certificateName,
        onProblem: deps.onProblem,
        onPublish: deps.onPublish,
        onAcknowledged: deps.onAcknowledged,
        onUnwritten: scheduleFlush,
        onThrottle: throttle,
      })
      all.add(guard)
      guard.once('close', () => forget(guard))
      return guard
    },
    of,
    enter(session, guard) {
      guard.session = session
      present.set(session.device, guard)
    },
    isReplaced(session) {
      const guard = of(session.device)
      return guard !== undefined && guard.session !== session
    },
    refill() {
      for (const guard of [...throttled]) {
        throttled.delete(guard)
        guard.refilled()
      }
    },
    sweep() {
      for (const guard of [...all]) {
        const reason = guard.stalled()
        if (!reason) continue
        deps.onStalled(guard, reason)
        guard.destroy()
      }
    },
    inFlight() {
      let sum = 0
      for (const guard of all) sum += guard.session?.answers.pending ?? 0
      return sum
    },
    get devices() {
      return present.size
    },
    all,
  }
}

/** All acknowledgements of a turn are written together: the journal commits a whole group at once. */
function flushAtEndOfTurn(): (guard: Guard) => void {
  const unflushed: Guard[] = []
  function flush(): void {
    for (const guard of unflushed) guard.flush()
    unflushed.length = 0
  }
  return (guard) => {
    if (unflushed.length === 0) process.nextTick(flush)
    unflushed.push(guard)
  }
}
