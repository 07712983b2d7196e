/** A simulation as a recorded log, as fast as it can be computed: for backtests, scorecards and fixtures. */
import type { RecordedMessage } from '../model/recorded-log.ts'
import { heardOf } from './messages.ts'
import { createWorld, type WorldOptions } from './world.ts'

const SLICE_MS = 60_000

/** Messages from `from` up to `to` (ms), in order, each received when it was sent. */
export function* recordSimulation(
  options: WorldOptions & { readonly to: number },
): Generator<RecordedMessage> {
  const world = createWorld(options)
  for (let next = world.nextAt(); next !== undefined && next <= options.to; next = world.nextAt()) {
    for (const emission of world.advance(Math.min(options.to, next + SLICE_MS))) {
      const receivedAt = new Date(emission.at).toISOString()
      for (const { topic, payload } of heardOf(emission)) yield { receivedAt, topic, payload }
    }
  }
}
