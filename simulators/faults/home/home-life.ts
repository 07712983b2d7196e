/** What faults of homes ask of the day they fall into. */
import { type Place, placeAt, routineOf } from '../../devices/routine.ts'
import { isAbsent } from '../../devices/whereabouts.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Subject } from '../../subject.ts'

export const hourAt = (subject: Subject, at: number): number => localTimeOf(subject.timeZone)(at).hour

/** Where the resident would be then. */
export function placeThen(subject: Subject, at: number): Place {
  if (isAbsent(subject, at)) return 'out'
  const { day, hour } = localTimeOf(subject.timeZone)(at)
  return placeAt(routineOf(subject.home ?? subject.id, day), hour)
}

/** Between two hours of the day, `from` before `to`. */
export function isBetween(subject: Subject, at: number, [from, to]: readonly [number, number]): boolean {
  const hour = hourAt(subject, at)
  return hour >= from && hour < to
}

/** Deep in the night, in bed: well within the hours (22-06) for which the rules of the night are made. */
export const isDeepNight = (subject: Subject, at: number): boolean =>
  isBetween(subject, at, [0, 4.5]) && placeThen(subject, at) === 'bed'

export const isEntrance = ({ meta }: Subject): boolean => meta.role === 'entrance'
export const isNoAbsence = (subject: Subject, from: number, to: number): boolean =>
  subject.absences.every((span) => span.to < from || span.from > to)
