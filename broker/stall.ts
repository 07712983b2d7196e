/** Decides when a connection has stalled: it sends nothing within its keep-alive, or does not read its answers. */
import { type Pace, STEPS_PER_SECOND } from './rate.ts'

/** Why a stalled connection is closed. */
export type StallReason = 'keep-alive' | 'answers-not-taken'

/** MQTT 3.1.1, 3.1.2.10: a client may stay silent for one and a half times its keep-alive. */
const KEEP_ALIVE_FACTOR = 1.5

export interface StallWatch {
  /** Data arrived, or its absence is our own doing. */
  received(): void
  /** The device does not read what is sent to it; counts from the first call until `drained`. */
  fellBehind(): void
  drained(): void
  /** `keepAlive` in seconds, 0 = no limit. Unread answers go first: then the silence is our own doing. */
  reason(keepAlive: number): StallReason | undefined
}

/** `drainTimeout`: seconds that answers may stay unread. */
export function stallWatch(pace: Pace, drainTimeout: number): StallWatch {
  let receivedAt = pace.steps
  let behindSince: number | undefined
  const isOver = (since: number, seconds: number): boolean => pace.steps - since > seconds * STEPS_PER_SECOND
  return {
    received() {
      receivedAt = pace.steps
    },
    fellBehind() {
      behindSince ??= pace.steps
    },
    drained() {
      behindSince = undefined
    },
    reason(keepAlive) {
      if (behindSince !== undefined)
        return isOver(behindSince, drainTimeout) ? 'answers-not-taken' : undefined
      return keepAlive > 0 && isOver(receivedAt, keepAlive * KEEP_ALIVE_FACTOR) ? 'keep-alive' : undefined
    },
  }
}
