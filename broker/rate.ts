/** A token bucket a device: how many messages it may send, with a burst of one second's worth. */

export interface RateBucket {
  /** Whole messages that may go on now; Infinity without a limit. */
  available(): number
  take(count: number): void
}

/** Counts up by itself, many times a second; a bucket is filled by its steps and so needs no clock of its own. */
export interface Pace {
  readonly steps: number
}

/** How often the pace of a broker steps. */
export const STEPS_PER_SECOND = 10

const unlimited: RateBucket = { available: () => Number.POSITIVE_INFINITY, take: () => {} }

export function rateBucket(perSecond: number, pace: Pace): RateBucket {
  if (perSecond === 0) return unlimited
  // In parts of a message, so that whole numbers do: a step brings `perSecond` parts, a message costs ten.
  const full = perSecond * STEPS_PER_SECOND
  let parts = full
  let filledAt = pace.steps
  return {
    available() {
      parts = Math.min(full, parts + (pace.steps - filledAt) * perSecond)
      filledAt = pace.steps
      return Math.floor(parts / STEPS_PER_SECOND)
    },
    take: (count) => {
      parts -= count * STEPS_PER_SECOND
    },
  }
}
