/** The scorecard as text for a terminal. */
import { severityRank } from '../model/severity.ts'
import type { RuleFigures } from './figures.ts'
import type { AssessedAlert, Outcome, Score } from './score.ts'

const head = ['rule', 'labelled', 'found', 'late', 'recall', 'alerts', 'false', 'precision'] as const
const tail = ['follow', 'p50', 'p95', '/1000 dd', 'decoys', 'fooled'] as const

/** A table with one line per rule, under a heading. */
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

const orBlank = (count: number): string => (count === 0 ? '' : `${count}`)

function cellsOf(rule: RuleFigures): string[] {
  return [
    rule.ref,
    `${rule.labelled}`,
    `${rule.found}`,
    orBlank(rule.late),
    share(rule.recall),
    `${rule.right}`,
    `${rule.wrong}`,
    share(rule.precision),
    orBlank(rule.following),
    seconds(rule.delayP50),
    seconds(rule.delayP95),
    rule.falsePer1000DeviceDays.toFixed(3),
    orBlank(rule.decoys),
    rule.decoys === 0 ? '' : `${rule.fooled}`,
  ]
}

/** A ratio with 3 decimals, `-` for null. */
export const share = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
/** A duration given in seconds, `-` for null. */
export const seconds = (value: number | null): string => (value === null ? '-' : duration(value * 1000))

/** ms as text: 45 s, 12 min, 49.2 h, 5.1 d. */
export function duration(ms: number): string {
  const whole = ms / 1000
  if (whole < 180) return `${whole.toFixed(whole < 10 ? 1 : 0)} s`
  if (whole < 10_800) return `${(whole / 60).toFixed(0)} min`
  if (whole < 172_800) return `${(whole / 3600).toFixed(1)} h`
  return `${(whole / 86_400).toFixed(1)} d`
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19)

/** Missed faults, late detections and false alerts, one line each, at most `limit` per fault and rule. */
export function detailsOf({ outcomes, assessed }: Score, limit: number): string[] {
  const lines: string[] = []
  const counts = new Map<string, number>()
  const hasRoom = (key: string): boolean => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= limit
  }
  for (const one of outcomes) if (isUndetected(one) && hasRoom(one.planned.fault)) lines.push(missedLine(one))
  for (const one of falseAlerts(assessed)) if (hasRoom(`false ${one.alert.ref}`)) lines.push(falseLine(one))
  return lines
}

const isUndetected = ({ planned, state }: Outcome): boolean => !planned.decoy && state !== 'found'

function missedLine({ planned, state, lateBy }: Outcome): string {
  const { ref, fault, device, from, to, expectRaisedBy } = planned
  const word = state === 'late' ? `late by ${duration(lateBy)}` : 'missed'
  return `${word}: ${ref} ${fault} on ${device}, ${iso(from)} … ${iso(to)}, expected by ${iso(expectRaisedBy)}`
}

function falseAlerts(assessed: readonly AssessedAlert[]): AssessedAlert[] {
  return assessed
    .filter(({ verdict }) => verdict.kind === 'false-positive')
    .sort((a, b) => severityRank(a.alert.severity) - severityRank(b.alert.severity))
}

function falseLine({ alert, verdict }: AssessedAlert): string {
  const { decoy, beside } = verdict.kind === 'false-positive' ? verdict : {}
  const near = decoy ? ` (decoy ${decoy.fault})` : beside ? ` (beside ${beside.fault})` : ''
  const until = alert.clearedAt === null ? 'active' : iso(alert.clearedAt)
  return `false: ${alert.ref} ${alert.rule} on ${alert.devices.slice(0, 3).join(', ')}${near}, ${iso(alert.raisedAt)} … ${until}: ${alert.reason}`
}
