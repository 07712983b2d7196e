/** Limits on logins: growing delays against guessing, and an end to two connections that keep replacing each other. */
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
 * After some failures from one address, further ones are answered with a growing delay. Only failures are delayed. A correct secret always logs in at once: many homes share the address of one gateway, and a
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

/** Takeovers a minute; a device with an unstable link causes a few, two devices with one identity one a second. */
export const TAKEOVER_LIMIT = 10
const TAKEOVER_WINDOW = 60 * STEPS_PER_SECOND

export interface Takeovers {
  /** Counts one; false when the device had too many within a minute, so the existing connection stays. */
  allow(device: string): boolean
}

/** One identity used twice: the newest connection wins, up to the limit. */
export function takeovers(pace: Pace): Takeovers {
  const recent = new Map<string, number[]>()
  return {
    allow(device) {
      const steps = (recent.get(device) ?? []).filter((step) => pace.steps - step < TAKEOVER_WINDOW)
      if (steps.length >= TAKEOVER_LIMIT) return false
      recent.set(device, [...steps, pace.steps])
      return true
    },
  }
}
