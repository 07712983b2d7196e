/** The path from devices to the hub: applies disturbances to simulated messages and sorts them by arrival. */
import type { Disturbance } from './disturbances/disturbance.ts'
import { createEventQueue } from './event-queue.ts'
import type { Span } from './faults/fault.ts'
import type { ReceivedMessage } from './message-stream.ts'
import { messagesOnConnect } from './messages.ts'
import { createRandom, type Random } from './random.ts'
import type { Subject } from './subject.ts'

export interface PlannedDisturbance extends Span {
  readonly disturbance: Disturbance
  readonly devices: ReadonlySet<string>
}

/** Delivery state of one device. */
interface DeviceRoute {
  readonly disturbances: readonly PlannedDisturbance[]
  readonly random: Random
  online: boolean
}

/** A delayed message, or the end of a hub outage after which devices reconnect. */
type Pending = { readonly message: ReceivedMessage } | { readonly reconnect: PlannedDisturbance }

/**
 * Messages in the order in which the hub receives them, sorted by `receivedAt`. Several disturbances of one device are
 * applied in the order of the list. Buffers delayed messages only.
 */
export function* deliver(
  sent: Iterable<ReceivedMessage>,
  { planned, seed }: { readonly planned: readonly PlannedDisturbance[]; readonly seed: string },
): Generator<ReceivedMessage> {
  const pending = createEventQueue<Pending>()
  const routes = new Map<Subject, DeviceRoute>()
  for (const one of planned) if (one.disturbance.isHubOutage) pending.add(one.to, { reconnect: one })
  const routeOf = (subject: Subject): DeviceRoute => {
    const known = routes.get(subject)
    if (known) return known
    const route = {
      disturbances: planned.filter(({ devices }) => devices.has(subject.id)),
      random: createRandom(`delivery/${seed}/${subject.id}`),
      online: false,
    }
    routes.set(subject, route)
    return route
  }
  for (const message of sent) {
    yield* releaseUntil(message.receivedAt, pending, routes)
    const route = routeOf(message.subject)
    if (message.channel === 'status') route.online = message.payload.state === 'online'
    if (route.disturbances.length === 0) yield message
    else for (const one of applyDisturbances(message, route)) pending.add(one.receivedAt, { message: one })
  }
  yield* releaseUntil(Number.POSITIVE_INFINITY, pending, routes)
}

function* releaseUntil(
  now: number,
  pending: ReturnType<typeof createEventQueue<Pending>>,
  routes: ReadonlyMap<Subject, DeviceRoute>,
): Generator<ReceivedMessage> {
  for (let at = pending.nextAt(); at !== undefined && at <= now; at = pending.nextAt()) {
    const next = pending.pop()?.event
    if (next && 'message' in next) yield next.message
    else if (next) yield* reconnectMessages(next.reconnect, routes)
  }
}

/** Devices that were online before the hub outage reconnect when it ends. */
function* reconnectMessages(
  { devices, to }: PlannedDisturbance,
  routes: ReadonlyMap<Subject, DeviceRoute>,
): Generator<ReceivedMessage> {
  for (const [subject, { online }] of routes) {
    if (!online || !devices.has(subject.id)) continue
    for (const { channel, payload } of messagesOnConnect(subject, to))
      yield { receivedAt: to, subject, channel, payload }
  }
}

/** A disturbance applies when the message, as left by the disturbances before it, arrives within its span. */
function applyDisturbances(
  message: ReceivedMessage,
  { disturbances, random }: DeviceRoute,
): readonly ReceivedMessage[] {
  let messages: readonly ReceivedMessage[] = [message]
  for (const { disturbance, from, to } of disturbances)
    messages = messages.flatMap((one) =>
      one.receivedAt < from || one.receivedAt >= to + (disturbance.drainTime ?? 0)
        ? [one]
        : disturbance.apply(one, { span: { from, to }, random }),
    )
  return messages
}
