/** Settings of the cases room. */
import { z } from 'zod'
import type { Alert } from '../model/alert.ts'
import type { Case } from '../model/case.ts'
import { type Severity, severityRank } from '../model/severity.ts'
import { HOUR_MS } from '../model/time.ts'

const hours = z
  .number()
  .positive()
  .max(24 * 365)

export const caseOptions = z.strictObject({
  /**
   * Hours from opening to the deadline, by severity. Critical: a lift's rescuers arrive within 30 minutes (duty of
   * Chinese cities); high: half a working day (Boston's knocked-down poles take 6.4 h in the median, target 36 h);
   * medium and low: 24 and 72 h, below the 38 h and 15 days that Boston allows.
   */
  deadlineHours: z
    .strictObject({
      critical: hours.default(0.5).describe('Deadline of a critical case and its work orders, in hours'),
      high: hours.default(4).describe('Deadline of a high case and its work orders, in hours'),
      medium: hours.default(24).describe('Deadline of a medium case and its work orders, in hours'),
      low: hours.default(72).describe('Deadline of a low case and its work orders, in hours'),
    })
    .prefault({}),
})

export type CaseOptions = z.output<typeof caseOptions>

/** Hub clock, ms. */
export function dueAt(severity: Severity, now: number, { deadlineHours }: CaseOptions): number {
  return now + deadlineHours[severity] * HOUR_MS
}

/** `now`: hub clock, ms. */
export interface Deciding {
  readonly options: CaseOptions
  readonly now: number
}

/** What an alert that is worse than its case makes of the case; undefined when it is not. */
export function urgencyOf(value: Case, { severity }: Alert, { options, now }: Deciding) {
  if (severityRank(severity) >= severityRank(value.severity)) return undefined
  return { severity, dueAt: Math.min(value.dueAt, dueAt(severity, now, options)) }
}
