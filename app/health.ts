/** What keeps the hub from doing its work, in words for `/readyz` and the log. Pure. */

const DAY_MS = 86_400_000
/** A clock that steps back by less is an ordinary correction. */
const CLOCK_BEHIND_MS = 60_000

/** What is wrong with the hub's clock, that is so much behind the newest entry of its journal; undefined = nothing. */
export function clockFault(behindMs: number): string | undefined {
  if (behindMs <= CLOCK_BEHIND_MS) return undefined
  const [amount, unit] = behindMs < DAY_MS ? [behindMs / 60_000, 'minutes'] : [behindMs / DAY_MS, 'days']
  return `the hub's clock is ${Math.round(amount)} ${unit} behind its journal: until it has caught up no rule judges what devices say`
}

export interface Health {
  readonly journal: string | undefined
  readonly clock: string | undefined
  readonly history: { readonly state: string; readonly reason: string | null | undefined }
}

/** Not ready = devices are not acknowledged, or not judged. A history that waits is told; alerting goes on without it. */
export function readiness({ journal, clock, history }: Health): {
  readonly ready: boolean
  readonly reasons: readonly string[]
} {
  const waiting = history.state === 'ok' ? [] : [`history waits: ${history.reason ?? 'no reason given'}`]
  const faults = [...(journal ? [`journal: ${journal}`] : []), ...(clock ? [clock] : [])]
  return { ready: faults.length === 0, reasons: [...faults, ...waiting] }
}
