/** What may happen to messages between device and hub: delayed, duplicated, lost, or stamped by a wrong clock. */
import type { Span } from '../faults/fault.ts'
import type { ReceivedMessage } from '../message-stream.ts'
import type { Random } from '../random.ts'

export interface DisturbanceContext {
  readonly span: Span
  /** Random stream of the device. */
  readonly random: Random
}

export interface Disturbance {
  readonly name: string
  /** Longest delay (ms) between sending and receiving. */
  readonly maxDelay: number
  /** Largest difference (ms) between `ts` and the true time. */
  readonly maxClockError: number
  /** Rules that may legitimately raise because of it, with the reason. */
  readonly causesAlerts?: Readonly<Record<string, string>>
  /** The hub itself is down: it receives nothing and its clock does not tick; devices reconnect afterwards. */
  readonly isHubOutage?: true
  /** ms after its span in which it still applies: new messages wait behind the buffered ones. */
  readonly drainTime?: number
  /**
   * What the hub receives instead of one message; an empty list = lost. Called only for messages within the span and
   * `drainTime`. No message may arrive before it was sent.
   */
  apply(message: ReceivedMessage, context: DisturbanceContext): readonly ReceivedMessage[]
}

/** Position of a message in a span, 0-1: keeps buffered messages in the order in which they were sent. */
export function positionInSpan({ receivedAt }: ReceivedMessage, { from, to }: Span): number {
  return (receivedAt - from) / (to - from)
}
