/** When a lift is out of service, and what its box says of it. */
import { type Circumstance, HOUR } from './behaviour.ts'

/** A lift that breaks down, or is worked on, is out for so long of every so many hours. */
const OUT = 2 * HOUR
export const OUTAGE_EVERY = 32 * HOUR

/** `since`: when it began to break down or to be worked on; undefined = it does not. */
export function isOut(
  since: number | undefined,
  { now, circumstances }: { readonly now: number; readonly circumstances: ReadonlySet<Circumstance> },
): boolean {
  if (circumstances.has('out-of-service')) return true
  return since !== undefined && (now - since) % OUTAGE_EVERY < OUT
}

/** When the next of such outages begins or ends. */
export function nextTurn(since: number, now: number): number {
  const cycle = since + Math.floor((now - since) / OUTAGE_EVERY) * OUTAGE_EVERY
  return now < cycle + OUT ? cycle + OUT : cycle + OUTAGE_EVERY
}

export const hasOutages = (circumstances: ReadonlySet<Circumstance>): boolean =>
  circumstances.has('breaking-down') || circumstances.has('modernised')
