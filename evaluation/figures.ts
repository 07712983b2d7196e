/** The figures of a scorecard, as printed, stored in `docs/scorecard.json` and compared with the next run. */
import { z } from 'zod'
import { alertKinds } from '../model/severity.ts'
import { type CommunityResult, precisionOf, quantile, type RuleScore, recallOf } from './results.ts'
import { byRef } from './score.ts'

const count = z.int().min(0)
/** Null if the denominator is 0. */
const ratio = z.number().nullable()

export const ruleFigures = z.strictObject({
  ref: z.string(),
  /** Null if only faults name this rule, but no rule file has it. */
  kind: z.enum(alertKinds).nullable(),
  labelled: count,
  found: count,
  late: count,
  recall: ratio,
  /** True positives. */
  right: count,
  /** False positives. */
  wrong: count,
  precision: ratio,
  /** Alerts explained by another fault, a disturbance or their common cause. */
  following: count,
  /** Seconds. */
  delayP50: ratio,
  delayP95: ratio,
  falsePer1000DeviceDays: z.number(),
  decoys: count,
  /** Decoys that raised an alert. */
  fooled: count,
})
export type RuleFigures = z.infer<typeof ruleFigures>

export const scorecardFigures = z.strictObject({
  seed: z.string(),
  communities: count,
  days: count,
  devices: count,
  deviceDays: count,
  messages: count,
  residentMonths: z.number(),
  falseVisitsPerResidentMonth: z.number(),
  rules: z.array(ruleFigures),
})
export type Figures = z.infer<typeof scorecardFigures>

export interface RunParameters {
  readonly seed: string
  readonly days: number
}

/** Adds up the results of all communities; ratios are computed from the sums. */
export function figuresOf(results: readonly CommunityResult[], { seed, days }: RunParameters): Figures {
  const sum = (of: (result: CommunityResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0)
  const deviceDays = sum((result) => result.deviceDays)
  const residentMonths = sum((result) => result.residentMonths)
  const byRule = Map.groupBy(
    results.flatMap(({ rules }) => rules),
    ({ ref }) => ref,
  )
  return {
    seed,
    communities: results.length,
    days,
    devices: sum((result) => result.devices),
    deviceDays,
    messages: sum((result) => result.messages),
    residentMonths: fixed(residentMonths, 1),
    falseVisitsPerResidentMonth: fixed(sum((result) => result.falseVisits) / residentMonths, 4),
    rules: [...byRule.values()]
      .map((scores) => ruleRunParameters(addScores(scores), deviceDays))
      .sort((a, b) => byRef(a.ref, b.ref)),
  }
}

function addScores(scores: readonly RuleScore[]): RuleScore {
  return scores.reduce((a, b) => ({
    ref: a.ref,
    kind: a.kind ?? b.kind,
    labelled: a.labelled + b.labelled,
    found: a.found + b.found,
    late: a.late + b.late,
    right: a.right + b.right,
    wrong: a.wrong + b.wrong,
    following: a.following + b.following,
    decoys: a.decoys + b.decoys,
    fooled: a.fooled + b.fooled,
    delays: [...a.delays, ...b.delays].sort((one, other) => one - other),
  }))
}

function ruleRunParameters(score: RuleScore, deviceDays: number): RuleFigures {
  const { delays, ...counts } = score
  return {
    ...counts,
    recall: orNull(recallOf(score), 4),
    precision: orNull(precisionOf(score), 4),
    delayP50: orNull(quantile(delays, 0.5) / 1000, 1),
    delayP95: orNull(quantile(delays, 0.95) / 1000, 1),
    falsePer1000DeviceDays: fixed((score.wrong * 1000) / deviceDays, 4),
  }
}

const fixed = (value: number, decimals: number): number =>
  Number.isFinite(value) ? Number(value.toFixed(decimals)) : 0
const orNull = (value: number, decimals: number): number | null =>
  Number.isFinite(value) ? fixed(value, decimals) : null
