/** The messages of a simulation as a hub receives them, computed as fast as possible and never buffered. */
import type { DeviceChannel } from '../model/topics.ts'
import { messagesOf } from './messages.ts'
import type { Subject } from './subject.ts'
import { createWorld, type WorldOptions } from './world.ts'

export interface ReceivedMessage {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly subject: Subject
  readonly channel: DeviceChannel
  /** The whole payload, `ts` and `seq` included. */
  readonly payload: Readonly<Record<string, unknown>>
}

const SLICE_MS = 60_000

/** Messages from `from` to `to` (ms) in order; each is received at the instant it is sent. */
export function* simulateMessages(
  options: WorldOptions & { readonly to: number },
): Generator<ReceivedMessage> {
  const world = createWorld(options)
  for (let next = world.nextAt(); next !== undefined && next <= options.to; next = world.nextAt()) {
    for (const emission of world.advance(Math.min(options.to, next + SLICE_MS)))
      for (const { channel, payload } of messagesOf(emission))
        yield { receivedAt: emission.at, subject: emission.subject, channel, payload }
  }
}
