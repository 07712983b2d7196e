/** Token bucket of a device: messages per second, with a burst of one second's worth. */

export interface RateBucket {
  /** Whole messages allowed now; Infinity without a limit. */
  available(): number
  spend(count: number): void
}

/** A counter that increments many times a second; buckets refill by its steps and need no clock. */
export interface Pace {
  readonly steps: number
}

/** How often the pace of a broker steps. */
export const STEPS_PER_SECOND = 10

const unlimited: RateBucket = { available: () => Number.POSITIVE_INFINITY, spend: () => {} }

export function rateBucket(perSecond: number, pace: Pace): RateBucket {
  if (perSecond === 0) return unlimited
  // In tenths of a message, so that whole numbers suffice: a step adds `perSecond` tenths, a message costs ten.
  const full = perSecond * STEPS_PER_SECOND
  let tenths = full
  let filledAt = pace.steps
  return {
    available() {
      tenths = Math.min(full, tenths + (pace.steps - filledAt) * perSecond)
      filledAt = pace.steps
      return Math.floor(tenths / STEPS_PER_SECOND)
    },
    spend: (count) => {
      tenths -= count * STEPS_PER_SECOND
    },
  }
}
