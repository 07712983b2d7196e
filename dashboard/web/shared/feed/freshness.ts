/** Whether the data on the screen is live or stale. Pure; evaluated twice a second. */

export interface ConnectionHealth {
  readonly connected: boolean
  /** All pages after the last connect or resume have been applied. */
  readonly synced: boolean
  /** Time of the last message, screen clock, ms; null = none yet. */
  readonly lastMessageAt: number | null
}

export type Freshness =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** `since`: time of the last message. */
  | { readonly state: 'stale'; readonly since: number }

/**
 * The server ticks every 2 s. 4.5 s are two missed ticks; evaluated every 0.5 s, the screen shows stale data within
 * 5 s (promise 7).
 */
export const MAX_SILENCE_MS = 4_500
/** Shorter for a closed socket; long enough to show no banner when the first reconnect succeeds. */
export const CLOSED_GRACE_MS = 1_500

export function freshness(health: ConnectionHealth, now: number): Freshness {
  if (health.lastMessageAt === null) return { state: 'connecting' }
  const silence = now - health.lastMessageAt
  const allowed = health.connected && health.synced ? MAX_SILENCE_MS : CLOSED_GRACE_MS
  return silence > allowed ? { state: 'stale', since: health.lastMessageAt } : { state: 'live' }
}
