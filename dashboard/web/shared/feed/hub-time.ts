/** The hub's clock as the screen knows it: the last tick, carried on by the screen's own clock while it is live. */

export interface HubTick {
  /** Hub clock, ms. */
  readonly hub: number
  /** Screen clock, ms, when the tick came. */
  readonly screen: number
}

/** Ages and countdowns use this, so a screen whose clock is wrong (or a hub that replays last year) counts right. */
export function hubTime(tick: HubTick | null, screenNow: number): number {
  if (!tick) return screenNow
  return tick.hub + Math.max(0, screenNow - tick.screen)
}
