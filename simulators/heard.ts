/** A simulation as a hub hears it, message by message, as fast as it can be computed and without keeping it. */
import type { DeviceChannel } from '../model/topics.ts'
import type { Subject } from './subject.ts'
import { createWorld, type Emission, type WorldOptions } from './world.ts'

export interface Heard {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly subject: Subject
  readonly channel: DeviceChannel
  readonly payload: Readonly<Record<string, unknown>>
}

const SLICE_MS = 60_000

/** Messages from `from` up to `to` (ms), in order, each heard when it was sent. */
export function* hearSimulation(options: WorldOptions & { readonly to: number }): Generator<Heard> {
  const world = createWorld(options)
  for (let next = world.nextAt(); next !== undefined && next <= options.to; next = world.nextAt()) {
    for (const emission of world.advance(Math.min(options.to, next + SLICE_MS))) yield* heardOf(emission)
  }
}

function* heardOf(emission: Emission): Generator<Heard> {
  const { at: receivedAt, subject } = emission
  if (emission.kind === 'message') {
    yield { receivedAt, subject, channel: emission.channel, payload: emission.payload }
  } else if (emission.kind === 'drop') {
    yield { receivedAt, subject, channel: 'status', payload: { state: 'offline' } }
  } else {
    const ts = new Date(receivedAt).toISOString()
    yield { receivedAt, subject, channel: 'status', payload: { state: 'online', ts } }
    yield { receivedAt, subject, channel: 'meta', payload: { ts, ...subject.meta } }
  }
}
