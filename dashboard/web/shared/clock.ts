/** The browser's clock; `systemClock` of model/clock.ts needs Node's timers. */
import type { Clock } from '../../../model/clock.ts'

export const screenClock: Clock = {
  now: () => Date.now(),
  every(ms, work) {
    const timer = setInterval(work, ms)
    return () => clearInterval(timer)
  },
}
