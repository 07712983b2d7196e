/**
 * Outages of the hub itself: a gap between entries in a journal that contains the hub's ticks. From and to in hub
 * time, ms.
 */

export interface HubOutage {
  readonly from: number
  readonly to: number
}

/** Ticks come about every second; a longer gap (ms) means that the hub was down. */
export const outageAfter = 60_000

/** After an outage, readings that devices buffered arrive within this time (ms), whatever a condition asks for. */
const recoveryMs = 300_000

/** A longer grace than that waits for new readings, for at most as long as the outage lasted. */
const graceAfter = (grace: number, { from, to }: HubOutage): number =>
  Math.min(grace, Math.max(recoveryMs, to - from))

/**
 * The newest outage after an entry at `now`, with the previous entry at `before`. Outages within `grace` are joined.
 */
export function extendOutage(
  known: HubOutage | undefined,
  { before, now, grace }: { before: number; now: number; grace: number },
): HubOutage | undefined {
  if (now - before <= outageAfter) return known
  const joins = known !== undefined && before <= known.to + grace
  return { from: joins ? known.from : before, to: now }
}

/**
 * Hub time (ms) at which a timer may fire. Timers about silence wait until devices could reconnect after an outage,
 * and until a gateway that was offline has sent its backlog: its first old reading does not prove silence after it.
 */
export function readyAt(
  due: { hub: number; grace?: number },
  hubOutage: HubOutage | undefined,
  members: readonly { readonly record: { readonly backlogAt?: number } }[],
): number {
  if (due.grace === undefined) return due.hub
  let ready = due.hub
  if (hubOutage && due.hub > hubOutage.from)
    ready = Math.max(ready, hubOutage.to + graceAfter(due.grace, hubOutage))
  for (const { record } of members)
    if (record.backlogAt !== undefined && due.hub <= record.backlogAt)
      ready = Math.max(ready, record.backlogAt + Math.min(due.grace, recoveryMs))
  return ready
}

/** Delay (ms) of a timer that fires at `now` after an outage; undefined = the outage did not delay it. */
export function timerDelay(
  due: { hub: number; grace?: number },
  hubOutage: HubOutage | undefined,
  now: number,
): number | undefined {
  if (
    !hubOutage ||
    due.hub <= hubOutage.from ||
    due.hub > hubOutage.to + graceAfter(due.grace ?? 0, hubOutage)
  )
    return undefined
  return now > due.hub ? now - due.hub : undefined
}
