/** A simulation as a hub hears it, message by message, as fast as it can be computed and without keeping it. */
import type { DeviceChannel } from '../model/topics.ts'
import { saidOf } from './messages.ts'
import type { Subject } from './subject.ts'
import { createWorld, type WorldOptions } from './world.ts'

export interface Heard {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly subject: Subject
  readonly channel: DeviceChannel
  /** The `ts` and `seq` of a message, and what it tells. */
  readonly payload: Readonly<Record<string, unknown>>
}

const SLICE_MS = 60_000

/** Messages from `from` up to `to` (ms), in order, each heard when it was sent. */
export function* hearSimulation(options: WorldOptions & { readonly to: number }): Generator<Heard> {
  const world = createWorld(options)
  for (let next = world.nextAt(); next !== undefined && next <= options.to; next = world.nextAt()) {
    for (const emission of world.advance(Math.min(options.to, next + SLICE_MS)))
      for (const { channel, payload } of saidOf(emission))
        yield { receivedAt: emission.at, subject: emission.subject, channel, payload }
  }
}
