/** One identity used twice: the newest connection wins, until two connections keep replacing each other. */
import { type Pace, STEPS_PER_SECOND } from './rate.ts'

/** Takeovers a minute; a device with an unstable link causes a few, two devices with one identity one a second. */
export const TAKEOVER_LIMIT = 10
const WINDOW_STEPS = 60 * STEPS_PER_SECOND

export interface Takeovers {
  /** Counts one; false when the device had too many within a minute, so the existing connection stays. */
  allow(device: string): boolean
}

export function takeovers(pace: Pace): Takeovers {
  const recent = new Map<string, number[]>()
  return {
    allow(device) {
      const steps = (recent.get(device) ?? []).filter((step) => pace.steps - step < WINDOW_STEPS)
      if (steps.length >= TAKEOVER_LIMIT) return false
      recent.set(device, [...steps, pace.steps])
      return true
    },
  }
}
