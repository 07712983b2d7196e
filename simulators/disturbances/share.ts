/** Where in a span a message was said, so that what was kept comes in the order in which it was said. */
import type { Span } from '../faults/fault.ts'
import type { Heard } from '../message-stream.ts'

/** 0 at the beginning of the span, 1 at its end. */
export function shareOf({ receivedAt }: Heard, { from, to }: Span): number {
  return (receivedAt - from) / (to - from)
}
