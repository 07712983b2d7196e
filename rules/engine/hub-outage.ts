/** When the hub itself heard nothing: a gap between entries, in a journal that has the hub's ticks. */

export interface HubOutage {
  readonly from: number
  readonly to: number
}

/** Ticks come about every second; a longer pause than this says that the hub was down. */
export const outageAfter = 60_000

/** So long what devices kept for the hub is on its way, whatever a condition asks for. */
const recoveryMs = 300_000

/** A longer grace than that waits for a new sign: for as long as the hub was away at most. */
const graceAfter = (grace: number, { from, to }: HubOutage): number =>
  Math.min(grace, Math.max(recoveryMs, to - from))

/** The newest deaf span after an entry at `now`, the entry before it being at `before`. Spans within `grace` join. */
export function extendOutage(
  known: HubOutage | undefined,
  { before, now, grace }: { before: number; now: number; grace: number },
): HubOutage | undefined {
  if (now - before <= outageAfter) return known
  const joins = known !== undefined && before <= known.to + grace
  return { from: joins ? known.from : before, to: now }
}

/**
 * When a timer may fire: those whose evidence is silence wait until devices could come back after the hub was deaf, and
 * until a gateway that was away has sent what it kept: its first old reading proves no silence after it.
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

/** ms by which a timer that fires at `now` is late because of the deaf span; undefined = it is not. */
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
