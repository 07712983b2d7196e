/** A simulation as a recorded log, computed as fast as possible: for backtests and fixtures. */
import type { RecordedMessage } from '../model/recorded-log.ts'
import { simulateMessages } from './message-stream.ts'
import { toOutgoing } from './messages.ts'
import type { WorldOptions } from './world.ts'

/** Messages from `from` to `to` (ms) in order; each is received at the instant it is sent. */
export function* recordSimulation(
  options: WorldOptions & { readonly to: number },
): Generator<RecordedMessage> {
  for (const { receivedAt, subject, channel, payload } of simulateMessages(options)) {
    const { topic } = toOutgoing(subject, channel, payload)
    yield { receivedAt: new Date(receivedAt).toISOString(), topic, payload }
  }
}
