/** Planned absences of a home (the residents' calendars): while one lasts nothing is missed, and afterwards the time counts from its end. Pure. */
import type { HomeAbsence } from '../../../model/ports/directory.ts'
import type { Subject } from '../condition.ts'

const none: readonly HomeAbsence[] = []

export const absencesOf = (subject: Subject): readonly HomeAbsence[] => subject.home?.away ?? none

/** The instant from which a wait counts: `from`, or the end of the last absence that begins before the wait is over. */
export function countFrom(
  absences: readonly HomeAbsence[],
  from: number,
  endOf: (start: number) => number,
): number {
  let start = from
  for (const absence of absences) {
    if (absence.to <= start) continue
    if (absence.from >= endOf(start)) break
    start = absence.to
  }
  return start
}

/** True when an absence overlaps `from` to `to`. */
export function overlapsAbsence(absences: readonly HomeAbsence[], from: number, to: number): boolean {
  for (const absence of absences) if (absence.from < to && absence.to > from) return true
  return false
}
