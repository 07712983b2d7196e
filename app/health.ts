/** What keeps the hub from working, for `/readyz` and the log. Pure. */

const DAY_MS = 86_400_000
/** A clock that steps back by less is an ordinary correction. */
const CLOCK_BEHIND_MS = 60_000

/** What is wrong with a hub clock this far behind the newest entry of the journal; undefined = nothing. */
export function clockProblem(behindMs: number): string | undefined {
  if (behindMs <= CLOCK_BEHIND_MS) return undefined
  const [amount, unit] = behindMs < DAY_MS ? [behindMs / 60_000, 'minutes'] : [behindMs / DAY_MS, 'days']
  return `the hub's clock is ${Math.round(amount)} ${unit} behind its journal: until it has caught up no rule evaluates new readings`
}

export interface Health {
  readonly journal: string | undefined
  readonly clock: string | undefined
  readonly history: { readonly state: string; readonly reason: string | null | undefined }
}

/** Not ready = devices are not acknowledged or not evaluated. A waiting history is reported; alerting works without it. */
export function readiness({ journal, clock, history }: Health): {
  readonly ready: boolean
  readonly reasons: readonly string[]
} {
  const waiting = history.state === 'ok' ? [] : [`history waits: ${history.reason ?? 'no reason given'}`]
  const problems = [...(journal ? [`journal: ${journal}`] : []), ...(clock ? [clock] : [])]
  return { ready: problems.length === 0, reasons: [...problems, ...waiting] }
}
