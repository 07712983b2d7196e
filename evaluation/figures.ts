/** The figures of a scorecard: what is printed, kept in `docs/scorecard.json` and compared with the next one. */
import { z } from 'zod'
import { alertKinds } from '../model/severity.ts'
import type { Part } from './measure-community.ts'
import { precisionOf, quantile, type RuleScore, recallOf } from './measured.ts'
import { byRef } from './score.ts'

const count = z.int().min(0)
/** Null where there is nothing to divide by. */
const ratio = z.number().nullable()

export const ruleFigures = z.strictObject({
  ref: z.string(),
  /** Null when there is no such rule, only faults that ask for it. */
  kind: z.enum(alertKinds).nullable(),
  labelled: count,
  found: count,
  late: count,
  recall: ratio,
  right: count,
  wrong: count,
  precision: ratio,
  following: count,
  /** Seconds. */
  delayP50: ratio,
  delayP95: ratio,
  falsePer1000DeviceDays: z.number(),
  decoys: count,
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

export interface FiguresOf {
  readonly seed: string
  readonly days: number
}

/** All communities as one. */
export function figuresOf(parts: readonly Part[], { seed, days }: FiguresOf): Figures {
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const deviceDays = sum((part) => part.deviceDays)
  const residentMonths = sum((part) => part.residentMonths)
  const byRule = Map.groupBy(
    parts.flatMap(({ rules }) => rules),
    ({ ref }) => ref,
  )
  return {
    seed,
    communities: parts.length,
    days,
    devices: sum((part) => part.devices),
    deviceDays,
    messages: sum((part) => part.messages),
    residentMonths: fixed(residentMonths, 1),
    falseVisitsPerResidentMonth: fixed(sum((part) => part.falseVisits) / residentMonths, 4),
    rules: [...byRule.values()]
      .map((scores) => ruleFiguresOf(together(scores), deviceDays))
      .sort((a, b) => byRef(a.ref, b.ref)),
  }
}

function together(scores: readonly RuleScore[]): RuleScore {
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

function ruleFiguresOf(score: RuleScore, deviceDays: number): RuleFigures {
  const { delays, ...counts } = score
  return {
    ...counts,
    recall: known(recallOf(score), 4),
    precision: known(precisionOf(score), 4),
    delayP50: known(quantile(delays, 0.5) / 1000, 1),
    delayP95: known(quantile(delays, 0.95) / 1000, 1),
    falsePer1000DeviceDays: fixed((score.wrong * 1000) / deviceDays, 4),
  }
}

const fixed = (value: number, decimals: number): number =>
  Number.isFinite(value) ? Number(value.toFixed(decimals)) : 0
const known = (value: number, decimals: number): number | null =>
  Number.isFinite(value) ? fixed(value, decimals) : null
