/** The clocks of a screen: the browser's own, and the hub's as known from the last tick. */
import type { Clock } from '../../../model/clock.ts'

/** The browser's clock; `systemClock` of model/clock.ts needs Node's timers. */
export const screenClock: Clock = {
  now: () => Date.now(),
  every(ms, work) {
    const timer = setInterval(work, ms)
    return () => clearInterval(timer)
  },
}

/** The last tick: hub clock, and screen clock at its arrival, ms. */
export interface HubTick {
  readonly hub: number
  readonly screen: number
}

/**
 * The hub's time now: the last tick, continued with the screen's clock. Ages and countdowns are then correct also when
 * the screen's clock is wrong or the hub replays a recording. Before the first tick: the screen's time.
 */
export function hubTime(tick: HubTick | null, screenNow: number): number {
  if (!tick) return screenNow
  return tick.hub + Math.max(0, screenNow - tick.screen)
}
