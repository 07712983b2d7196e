/** Every open connection, and which of them is a device's present one. */
import type { Socket } from 'node:net'
import type { FrameFault } from './frames.ts'
import { Guard, type Stalled } from './guard.ts'
import type { BrokerOptions } from './options.ts'
import type { PlainPublish } from './plain-publish.ts'
import { type Pace, rateBucket } from './rate.ts'
import type { Session } from './session.ts'

export interface Connections {
  /** Puts a guard in front of a new socket; it is forgotten when it closes. */
  open(socket: Socket, certificateName: string | undefined): Guard
  /** The present connection of a device. */
  of(device: string): Guard | undefined
  /** Makes this the device's present connection. */
  enter(session: Session, guard: Guard): void
  /** True when the device is there by another connection than this. */
  isReplaced(session: Session): boolean
  /** Lets the devices that were over their rate go on. */
  refill(): void
  /** Hangs up on those that were silent for too long, or do not take their answers. */
  sweep(): void
  /** Messages handed over and not answered yet, of all connections. */
  inFlight(): number
  readonly devices: number
  readonly all: ReadonlySet<Guard>
}

export interface ConnectionsDeps {
  readonly pace: Pace
  readonly onFault: (guard: Guard, fault: FrameFault) => void
  /** See Guard. */
  readonly onPublish: (guard: Guard, message: PlainPublish) => void
  /** So many publishes were acknowledged. */
  readonly onAcknowledged: (count: number) => void
  readonly onStalled: (guard: Guard, reason: Stalled) => void
  /** A device went over its rate. */
  readonly onThrottle: () => void
}

export function createConnections(options: BrokerOptions, deps: ConnectionsDeps): Connections {
  const all = new Set<Guard>()
  const present = new Map<string, Guard>()
  const throttled = new Set<Guard>()
  const unwritten: Guard[] = []

  const of = (device: string): Guard | undefined => {
    const guard = present.get(device)
    return guard?.destroyed ? undefined : guard
  }
  function throttle(guard: Guard): void {
    if (!throttled.has(guard)) deps.onThrottle()
    throttled.add(guard)
  }
  /** All acknowledgements of a turn leave together: the journal tells of a whole group at once. */
  function unwrittenOf(guard: Guard): void {
    if (unwritten.length === 0) process.nextTick(flush)
    unwritten.push(guard)
  }
  function flush(): void {
    for (const guard of unwritten) guard.flush()
    unwritten.length = 0
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
        onFault: deps.onFault,
        onPublish: deps.onPublish,
        onAcknowledged: deps.onAcknowledged,
        onUnwritten: unwrittenOf,
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
