/** Bounds of a guard and its callbacks; `Connection` is the guard itself, a parameter so that this file does not import it. */
import type { FrameProblem } from './frames.ts'
import type { PlainPublish } from './plain-publish.ts'
import type { Pace, RateBucket } from './rate.ts'

export interface GuardOptions<Connection> {
  readonly maxPacketBytes: number
  readonly maxInFlight: number
  readonly rate: RateBucket
  readonly pace: Pace
  /** Seconds that answers may stay unread. */
  readonly drainTimeout: number
  /** Common name of a checked client certificate; undefined when none is asked for. */
  readonly certificateName: string | undefined
  /** The client violated the framing and is being disconnected. */
  readonly onProblem: (guard: Connection, problem: FrameProblem) => void
  /** A publish that bypasses Aedes; answered by `acknowledge` or `disconnectAfterFlush`, in the order of the calls. */
  readonly onPublish: (guard: Connection, message: PlainPublish) => void
  /** `flush` has acknowledged this many publishes. */
  readonly onAcknowledged: (count: number) => void
  /** Acknowledgements are pending: call `flush` at the end of this turn. */
  readonly onUnwritten: (guard: Connection) => void
  /** The rate bucket is empty: call `refilled` when it is not. */
  readonly onThrottle: (guard: Connection) => void
}
