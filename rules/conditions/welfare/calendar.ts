/** Known absences of a home (its residents' calendars): while one lasts nothing is missed, and afterwards counting begins anew. Pure. */
import type { HomeAbsence } from '../../../model/ports/directory.ts'
import type { Subject } from '../condition.ts'

const none: readonly HomeAbsence[] = []

export const absencesOf = (subject: Subject): readonly HomeAbsence[] => subject.home?.away ?? none

/** Where counting really begins: `from`, or the end of the last absence that begins before the count is over. */
export function countFrom(
  absences: readonly HomeAbsence[],
  from: number,
  endOf: (start: number) => number,
): number {
  let start = from
  for (const span of absences) {
    if (span.to <= start) continue
    if (span.from >= endOf(start)) break
    start = span.to
  }
  return start
}

/** Some absence has a part within `from` to `to`. */
export function overlapsAbsence(absences: readonly HomeAbsence[], from: number, to: number): boolean {
  for (const span of absences) if (span.from < to && span.to > from) return true
  return false
}
