/** Results of an evaluation: alerts of a simulation and the score of each rule. */
import type { AlertKind, Severity } from '../model/severity.ts'

/** One alert raised in a simulation. Times are simulated ms. */
export interface DetectedAlert {
  readonly rule: string
  readonly ref: string
  readonly kind: AlertKind
  /** Highest severity it reached. */
  readonly severity: Severity
  readonly devices: readonly string[]
  readonly raisedAt: number
  /** Hub clock: when people could first see it. */
  readonly seenAt: number
  readonly clearedAt: number | null
  /** Inhibited by the alert of a common cause at some time. */
  readonly inhibited: boolean
  readonly reason: string
}

/** What the rules detected in one simulated community. */
export interface SimulationResult {
  readonly alerts: readonly DetectedAlert[]
  readonly messages: number
  readonly devices: number
  readonly residents: number
  readonly days: number
  /** Messages that ingest rejected or read only in part, by reason. */
  readonly unread: Readonly<Record<string, number>>
  /** Rules that threw. */
  readonly failures: readonly string[]
}

export interface RuleScore {
  readonly ref: string
  /** Null if only faults name this rule, but no rule file has it. */
  readonly kind: AlertKind | null
  readonly labelled: number
  /** Labelled faults detected in time. */
  readonly found: number
  /** Labelled faults detected after their deadline. */
  readonly late: number
  /** True positives: alerts explained by a planned fault of this rule. */
  readonly right: number
  /** False positives: alerts that nothing explains. */
  readonly wrong: number
  /** Alerts explained by the fault of another rule or a disturbance, or inhibited by their cause. */
  readonly following: number
  readonly decoys: number
  /** Decoys that raised an alert. */
  readonly fooled: number
  /** From the start of a fault until people saw the alert, ms; sorted; faults found or late only. */
  readonly delays: readonly number[]
}

/** Evaluation of one community. Plain data, so that a worker thread can return it. */
export interface CommunityResult {
  readonly rules: readonly RuleScore[]
  readonly falseVisits: number
  readonly devices: number
  readonly deviceDays: number
  readonly residentMonths: number
  readonly messages: number
  /** Missed faults and false alerts, one line each. */
  readonly details: readonly string[]
  /** Problems of the run itself: faults that found no room, unread messages, rules that threw. */
  readonly problems: readonly string[]
}

/** Share of the labelled faults found in time; NaN without labels. */
export const recallOf = ({ found, labelled }: RuleScore): number =>
  labelled === 0 ? Number.NaN : found / labelled
/** Share of true positives among the alerts that count; NaN without alerts. */
export const precisionOf = ({ right, wrong }: RuleScore): number =>
  right + wrong === 0 ? Number.NaN : right / (right + wrong)

/** The nearest-rank quantile of sorted values; NaN if there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
