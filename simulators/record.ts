/** A simulation as a recorded log, as fast as it can be computed: for backtests and fixtures. */
import type { RecordedMessage } from '../model/recorded-log.ts'
import { hearSimulation } from './message-stream.ts'
import { outgoing } from './messages.ts'
import type { WorldOptions } from './world.ts'

/** Messages from `from` up to `to` (ms), in order, each received when it was sent. */
export function* recordSimulation(
  options: WorldOptions & { readonly to: number },
): Generator<RecordedMessage> {
  for (const { receivedAt, subject, channel, payload } of hearSimulation(options)) {
    const { topic } = outgoing(subject, channel, payload)
    yield { receivedAt: new Date(receivedAt).toISOString(), topic, payload }
  }
}
