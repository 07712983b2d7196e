/** The words of the scorecard: what was told in a simulation, and what it comes to for each rule. */
import type { AlertKind, Severity } from '../model/severity.ts'

/** One alert of a simulation. Times are simulated ms. */
export interface Told {
  readonly rule: string
  readonly ref: string
  readonly kind: AlertKind
  /** The worst it had. */
  readonly severity: Severity
  readonly devices: readonly string[]
  readonly raisedAt: number
  /** Hub clock: when people could first see it. */
  readonly seenAt: number
  readonly clearedAt: number | null
  /** Listed under the alert of a common cause, not beside it. */
  readonly held: boolean
  readonly reason: string
}

/** What one simulated community gave. */
export interface Measured {
  readonly told: readonly Told[]
  readonly messages: number
  readonly devices: number
  readonly residents: number
  readonly days: number
  /** Messages that ingest could not read whole, by reason. */
  readonly unread: Readonly<Record<string, number>>
  /** Rules that threw. */
  readonly failures: readonly string[]
}

export interface RuleScore {
  readonly ref: string
  /** Null when there is no such rule, only faults that ask for it. */
  readonly kind: AlertKind | null
  readonly labelled: number
  /** Raised by the time the label asks for. */
  readonly found: number
  /** Raised, but after it. */
  readonly late: number
  /** Alerts that a planned fault of this rule explains. */
  readonly right: number
  /** Alerts that nothing explains. */
  readonly wrong: number
  /** Alerts that the fault of another rule or the way to the hub explains, or that were held under their cause. */
  readonly following: number
  readonly decoys: number
  /** Decoys about which something was said. */
  readonly fooled: number
  /** From the beginning of a fault until people saw it, ms; of those found or late. */
  readonly delays: readonly number[]
}

export const recallOf = ({ found, labelled }: RuleScore): number =>
  labelled === 0 ? Number.NaN : found / labelled
export const precisionOf = ({ right, wrong }: RuleScore): number =>
  right + wrong === 0 ? Number.NaN : right / (right + wrong)

/** The value below which `share` of them lie; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
