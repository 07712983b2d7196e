/** Conditions that faults of homes place on the day of the resident. */
import { type Place, placeAt, routineOf } from '../../devices/daily-routine.ts'
import { isAbsent } from '../../devices/resident-location.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Subject } from '../../subject.ts'

/** Local hour at an instant (ms). */
export const hourAt = (subject: Subject, at: number): number => localTimeOf(subject.timeZone)(at).hour

/** Where the resident is at an instant (ms), without faults. */
export function routinePlaceAt(subject: Subject, at: number): Place {
  if (isAbsent(subject, at)) return 'out'
  const { day, hour } = localTimeOf(subject.timeZone)(at)
  return placeAt(routineOf(subject.home ?? subject.id, day), hour)
}

/** True between two local hours, `from` before `to`. */
export function isHourBetween(subject: Subject, at: number, [from, to]: readonly [number, number]): boolean {
  const hour = hourAt(subject, at)
  return hour >= from && hour < to
}

/** In bed and well within the night hours (22-06) of the rules. */
export const isDeepNight = (subject: Subject, at: number): boolean =>
  isHourBetween(subject, at, [0, 4.5]) && routinePlaceAt(subject, at) === 'bed'

/** True for the contact of an entrance door. */
export const isEntrance = ({ meta }: Subject): boolean => meta.role === 'entrance'
/** True when no planned absence overlaps the span (ms). */
export const isWithoutAbsence = (subject: Subject, from: number, to: number): boolean =>
  subject.absences.every((span) => span.to < from || span.from > to)
