/** The screen's clock: what model/clock.ts is to the hub (whose own uses a timer that only Node has). */
import type { Clock } from '../../../model/clock.ts'

export const screenClock: Clock = {
  now: () => Date.now(),
  every(ms, work) {
    const timer = setInterval(work, ms)
    return () => clearInterval(timer)
  },
}
