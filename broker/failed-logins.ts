/** Slows down guessing: after some failures from one address, further failures are answered with a growing delay. */
import { type Pace, STEPS_PER_SECOND } from './rate.ts'

/** Failures answered without delay: a technician's typing errors. */
export const FREE_FAILURES = 10
const FIRST_DELAY_S = 1
const LONGEST_DELAY_S = 30
/** A quiet address is forgotten after this. */
const FORGET_S = 300
const MAX_ADDRESSES = 10_000

export interface FailedLogins {
  /** Counts a failure; returns the delay of its answer, seconds. */
  note(address: string): number
}

/**
 * Only failures are delayed. A correct secret always logs in at once: many homes share the address of one gateway, and a
 * misconfigured neighbour must not lock them out; a secret of 128 bits cannot be guessed anyway.
 */
export function failedLogins(pace: Pace): FailedLogins {
  const failures = new Map<string, { count: number; at: number }>()
  return {
    note(address) {
      const memory = failures.get(address)
      const isFresh = memory && pace.steps - memory.at < FORGET_S * STEPS_PER_SECOND
      const count = (isFresh ? memory.count : 0) + 1
      failures.delete(address)
      failures.set(address, { count, at: pace.steps })
      if (failures.size > MAX_ADDRESSES) failures.delete(failures.keys().next().value ?? '')
      if (count <= FREE_FAILURES) return 0
      return Math.min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** (count - FREE_FAILURES - 1))
    },
  }
}
