/** The hub's time on the screen: the last tick, continued with the screen's clock. */

export interface HubTick {
  /** Hub clock, ms. */
  readonly hub: number
  /** Screen clock, ms, when the tick came. */
  readonly screen: number
}

/** For ages and countdowns: correct also when the screen's clock is wrong or the hub replays a recording. */
export function hubTime(tick: HubTick | null, screenNow: number): number {
  if (!tick) return screenNow
  return tick.hub + Math.max(0, screenNow - tick.screen)
}
