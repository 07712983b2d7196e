/** Whether what the screen shows may be believed. Pure; the store asks twice a second. */

export interface Heard {
  readonly connected: boolean
  /** All pages of the answer to the last connect or resume have been applied. */
  readonly synced: boolean
  /** When the server was last heard, ms of the screen's own clock; null = never. */
  readonly lastHeardAt: number | null
}

export type Freshness =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** `since`: when the server was last heard. */
  | { readonly state: 'stale'; readonly since: number }

/**
 * The server ticks every 2 s. Two missed ticks and a little are 4.5 s: with a look every 0.5 s the screen says
 * so within the promised 5 s (promise 7).
 */
export const SILENCE_MS = 4_500
/** A closed socket is believed sooner; the moment's grace spares a banner for a reconnect that succeeds at once. */
export const CLOSED_MS = 1_500

export function freshness(heard: Heard, now: number): Freshness {
  if (heard.lastHeardAt === null) return { state: 'connecting' }
  const silence = now - heard.lastHeardAt
  const allowed = heard.connected && heard.synced ? SILENCE_MS : CLOSED_MS
  return silence > allowed ? { state: 'stale', since: heard.lastHeardAt } : { state: 'live' }
}
