/** The way from devices to the hub: what a simulation says, bent by disturbances, in the order in which the hub hears it. */
import { createAgenda } from './agenda.ts'
import type { Disturbance } from './disturbances/disturbance.ts'
import type { Span } from './faults/fault.ts'
import type { Heard } from './message-stream.ts'
import { greetingOf } from './messages.ts'
import { createRandom, type Random } from './random.ts'
import type { Subject } from './subject.ts'

export interface PlannedDisturbance extends Span {
  readonly disturbance: Disturbance
  readonly devices: ReadonlySet<string>
}

interface Way {
  readonly on: readonly PlannedDisturbance[]
  readonly random: Random
  online: boolean
}

type Waiting = { readonly message: Heard } | { readonly back: PlannedDisturbance }

/**
 * Messages as the hub hears them, sorted by `receivedAt`. Several disturbances on one device act one after the other, in
 * the order of the list. Keeps what is held up, nothing else.
 */
export function* deliver(
  said: Iterable<Heard>,
  { planned, seed }: { readonly planned: readonly PlannedDisturbance[]; readonly seed: string },
): Generator<Heard> {
  const waiting = createAgenda<Waiting>()
  const ways = new Map<Subject, Way>()
  for (const one of planned) if (one.disturbance.deafens) waiting.add(one.to, { back: one })
  const wayOf = (subject: Subject): Way => {
    const known = ways.get(subject)
    if (known) return known
    const on = planned.filter(({ devices }) => devices.has(subject.id))
    const way = { on, random: createRandom(`delivery/${seed}/${subject.id}`), online: false }
    ways.set(subject, way)
    return way
  }
  for (const message of said) {
    yield* dueBefore(message.receivedAt, waiting, ways)
    const way = wayOf(message.subject)
    if (message.channel === 'status') way.online = message.payload.state === 'online'
    if (way.on.length === 0) yield message
    else for (const one of bent(message, way)) waiting.add(one.receivedAt, { message: one })
  }
  yield* dueBefore(Number.POSITIVE_INFINITY, waiting, ways)
}

function* dueBefore(
  now: number,
  waiting: ReturnType<typeof createAgenda<Waiting>>,
  ways: ReadonlyMap<Subject, Way>,
): Generator<Heard> {
  for (let at = waiting.nextAt(); at !== undefined && at <= now; at = waiting.nextAt()) {
    const what = waiting.take()?.what
    if (what && 'message' in what) yield what.message
    else if (what) yield* greetingsAfter(what.back, ways)
  }
}

/** Who was connected comes back by itself. */
function* greetingsAfter(
  { devices, to }: PlannedDisturbance,
  ways: ReadonlyMap<Subject, Way>,
): Generator<Heard> {
  for (const [subject, { online }] of ways) {
    if (!online || !devices.has(subject.id)) continue
    for (const { channel, payload } of greetingOf(subject, to))
      yield { receivedAt: to, subject, channel, payload }
  }
}

/** Each disturbance is asked by when a message would be heard without it. */
function bent(message: Heard, { on, random }: Way): readonly Heard[] {
  let messages: readonly Heard[] = [message]
  for (const { disturbance, from, to } of on)
    messages = messages.flatMap((one) =>
      one.receivedAt < from || one.receivedAt >= to + (disturbance.settles ?? 0)
        ? [one]
        : disturbance.bend(one, { span: { from, to }, random }),
    )
  return messages
}
