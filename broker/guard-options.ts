/** What a guard is bound by, and whom it tells. */
import type { FrameFault } from './frames.ts'
import type { Guard } from './guard.ts'
import type { PlainPublish } from './plain-publish.ts'
import type { Pace, RateBucket } from './rate.ts'

export interface GuardOptions {
  readonly maxPacketBytes: number
  readonly maxInFlight: number
  readonly rate: RateBucket
  readonly pace: Pace
  /** Seconds that answers may lie unread. */
  readonly drainTimeout: number
  /** Common name of a checked client certificate; undefined when none is asked for. */
  readonly certificateName: string | undefined
  /** The client broke the frame rules and is being cut off. */
  readonly onFault: (guard: Guard, fault: FrameFault) => void
  /** A publish that does not go through Aedes; it is answered by `acknowledge` or `hangUp`, in the order of the calls. */
  readonly onPublish: (guard: Guard, message: PlainPublish) => void
  /** So many publishes were acknowledged by `flush`. */
  readonly onAcknowledged: (count: number) => void
  /** There are acknowledgements to be written: `flush` is to be called at the end of this turn. */
  readonly onUnwritten: (guard: Guard) => void
  /** The bucket is empty; `refilled` is to be called when it is not any more. */
  readonly onThrottle: (guard: Guard) => void
}
