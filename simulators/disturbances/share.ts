import type { Span } from '../faults/fault.ts'
import type { ReceivedMessage } from '../message-stream.ts'

/** Position of a message in a span, 0-1: keeps buffered messages in the order in which they were sent. */
export function positionInSpan({ receivedAt }: ReceivedMessage, { from, to }: Span): number {
  return (receivedAt - from) / (to - from)
}
