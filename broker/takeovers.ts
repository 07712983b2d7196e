/** One identity used twice: the newest connection wins, but two that fight for it are stopped. */
import { type Pace, STEPS_PER_SECOND } from './rate.ts'

/** Take-overs a minute; a device on a bad line makes a few, two devices with one identity make one a second. */
export const TAKEOVER_LIMIT = 10
const WINDOW_STEPS = 60 * STEPS_PER_SECOND

export interface Takeovers {
  /** Notes one; false when the device had too many within a minute, so the connection that is there shall stay. */
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
