/** When a lift is out of service. */
import { type BehaviourOverride, HOUR } from './behaviour.ts'

/** Recurring outages: duration and period. */
const OUTAGE_DURATION = 2 * HOUR
export const OUTAGE_EVERY = 32 * HOUR

/** `since`: start of the recurring outages, ms; undefined = none. */
export function isOut(
  since: number | undefined,
  { now, overrides }: { readonly now: number; readonly overrides: ReadonlySet<BehaviourOverride> },
): boolean {
  if (overrides.has('out-of-service')) return true
  return since !== undefined && (now - since) % OUTAGE_EVERY < OUTAGE_DURATION
}

/** When the next recurring outage begins or ends, ms. */
export function nextOutageChange(since: number, now: number): number {
  const cycle = since + Math.floor((now - since) / OUTAGE_EVERY) * OUTAGE_EVERY
  return now < cycle + OUTAGE_DURATION ? cycle + OUTAGE_DURATION : cycle + OUTAGE_EVERY
}

/** True while outages recur. */
export const hasOutages = (overrides: ReadonlySet<BehaviourOverride>): boolean =>
  overrides.has('breaking-down') || overrides.has('modernised')
