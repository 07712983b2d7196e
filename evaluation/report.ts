/** The scorecard as a person reads it on a terminal. */
import { severityRank } from '../model/severity.ts'
import type { RuleFigures } from './figures.ts'
import type { Judged, Outcome, Score } from './score.ts'

const head = ['rule', 'labelled', 'found', 'late', 'recall', 'alerts', 'false', 'precision'] as const
const tail = ['follow', 'p50', 'p95', '/1000 dd', 'decoys', 'fooled'] as const

/** One line a rule. */
export function tableOf(rules: readonly RuleFigures[]): string[] {
  const rows = [[...head, ...tail], ...rules.map(cellsOf)]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const unlessNone = (count: number): string => (count === 0 ? '' : `${count}`)

function cellsOf(rule: RuleFigures): string[] {
  return [
    rule.ref,
    `${rule.labelled}`,
    `${rule.found}`,
    unlessNone(rule.late),
    share(rule.recall),
    `${rule.right}`,
    `${rule.wrong}`,
    share(rule.precision),
    unlessNone(rule.following),
    seconds(rule.delayP50),
    seconds(rule.delayP95),
    rule.falsePer1000DeviceDays.toFixed(3),
    unlessNone(rule.decoys),
    rule.decoys === 0 ? '' : `${rule.fooled}`,
  ]
}

export const share = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
/** A time given in seconds. */
export const seconds = (value: number | null): string => (value === null ? '-' : duration(value * 1000))

/** ms as 45 s, 12 min, 49.2 h, 5.1 d. */
export function duration(ms: number): string {
  const whole = ms / 1000
  if (whole < 180) return `${whole.toFixed(whole < 10 ? 1 : 0)} s`
  if (whole < 10_800) return `${(whole / 60).toFixed(0)} min`
  if (whole < 172_800) return `${(whole / 3600).toFixed(1)} h`
  return `${(whole / 86_400).toFixed(1)} d`
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19)

/** What went wrong, at most so many of each rule: missed faults, late ones, false alerts. */
export function detailsOf({ outcomes, judged }: Score, most: number): string[] {
  const lines: string[] = []
  const counts = new Map<string, number>()
  const room = (key: string): boolean => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= most
  }
  for (const one of outcomes) if (isWanting(one) && room(one.planned.fault)) lines.push(missedLine(one))
  for (const one of wrongOnes(judged)) if (room(`false ${one.told.ref}`)) lines.push(falseLine(one))
  return lines
}

const isWanting = ({ planned, state }: Outcome): boolean => !planned.decoy && state !== 'found'

function missedLine({ planned, state, lateBy }: Outcome): string {
  const { ref, fault, device, from, to, expectRaisedBy } = planned
  const word = state === 'late' ? `late by ${duration(lateBy)}` : 'missed'
  return `${word}: ${ref} ${fault} on ${device}, ${iso(from)} … ${iso(to)}, wanted by ${iso(expectRaisedBy)}`
}

function wrongOnes(judged: readonly Judged[]): Judged[] {
  return judged
    .filter(({ verdict }) => verdict.kind === 'wrong')
    .sort((a, b) => severityRank(a.told.severity) - severityRank(b.told.severity))
}

function falseLine({ told, verdict }: Judged): string {
  const { decoy, beside } = verdict.kind === 'wrong' ? verdict : {}
  const near = decoy ? ` (decoy ${decoy.fault})` : beside ? ` (beside ${beside.fault})` : ''
  const until = told.clearedAt === null ? 'active' : iso(told.clearedAt)
  return `false: ${told.ref} ${told.rule} on ${told.devices.slice(0, 3).join(', ')}${near}, ${iso(told.raisedAt)} … ${until}: ${told.reason}`
}
