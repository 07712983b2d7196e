/** Where the resident is at a moment: the day's routine, bent by what befalls the home. One day is kept, not made again at every step. */
import type { Subject } from '../subject.ts'
import type { Circumstance, Moment } from './behaviour.ts'
import { type DayRoutine, nextMove, type Place, placeAt, routineOf } from './routine.ts'

/** `still` = somewhere in the home, where no sensor sees them. */
export type Whereabouts = Place | 'still'

export interface Today {
  readonly day: number
  readonly routine: DayRoutine
}

/** The very object while the day is the same. */
export function todayOf(known: Today | undefined, subject: Subject, { local }: Moment): Today {
  if (known?.day === local.day) return known
  return { day: local.day, routine: routineOf(subject.home ?? subject.id, local.day) }
}

/** The first that is on counts. */
const bends: readonly (readonly [
  Circumstance,
  (place: Place, moment: Moment, today: Today) => Whereabouts,
])[] = [
  ['gone', () => 'out'],
  ['still', () => 'still'],
  ['in-bathroom', () => 'bathroom'],
  ['sleepless', () => 'room'],
  [
    'lying-in',
    (place, { local }, { routine }) =>
      local.hour < routine.wake + 1 ? 'bed' : place === 'out' ? 'room' : place,
  ],
  ['unwell', (place) => (place === 'bed' || place === 'bathroom' ? place : 'room')],
  // Once a day something to eat has to do; one goes out as before, but sees to nothing at home.
  ['listless', (place, { local }) => (place === 'kitchen' && local.hour > 13 ? 'room' : place)],
  ['indoors', (place) => (place === 'out' ? 'room' : place)],
]

export function whereabouts(today: Today, subject: Subject, moment: Moment): Whereabouts {
  if (isAbsent(subject, moment.now)) return 'out'
  const place = placeAt(today.routine, moment.local.hour)
  const bend = bends.find(([circumstance]) => moment.circumstances.has(circumstance))
  return bend ? bend[1](place, moment, today) : place
}

/** An absence that the resident's calendar knows. */
export function isAbsent({ absences }: Subject, now: number): boolean {
  for (const { from, to } of absences) if (now >= from && now < to) return true
  return false
}

const HOUR = 3_600_000

/** When they may be elsewhere next, ms; asked again then. */
export function nextChange(today: Today, subject: Subject, { now, local }: Moment): number {
  const byRoutine = now + Math.ceil((nextMove(today.routine, local.hour) - local.hour) * HOUR)
  const edges = subject.absences.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > now)
  return Math.min(byRoutine, ...edges)
}
