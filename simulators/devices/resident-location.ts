/** Where the resident is: the day's routine, changed by faults of the home. The routine is cached for a day. */
import type { Subject } from '../subject.ts'
import type { BehaviourOverride, StepContext } from './behaviour.ts'
import { type DayRoutine, nextPlaceChange, type Place, placeAt, routineOf } from './daily-routine.ts'

/** `unseen` = at home, but seen by no sensor. */
export type ResidentLocation = Place | 'unseen'

export interface Today {
  readonly day: number
  readonly routine: DayRoutine
}

/** The routine of the current local day; the same object while the day lasts. */
export function routineToday(known: Today | undefined, subject: Subject, { local }: StepContext): Today {
  if (known?.day === local.day) return known
  return { day: local.day, routine: routineOf(subject.home ?? subject.id, local.day) }
}

/** The first active override wins. */
const locationOverrides: readonly (readonly [
  BehaviourOverride,
  (place: Place, context: StepContext, today: Today) => ResidentLocation,
])[] = [
  ['away', () => 'out'],
  ['motionless', () => 'unseen'],
  ['in-bathroom', () => 'bathroom'],
  ['sleepless', () => 'room'],
  [
    'in-bed-late',
    (place, { local }, { routine }) =>
      local.hour < routine.wake + 1 ? 'bed' : place === 'out' ? 'room' : place,
  ],
  ['unwell', (place) => (place === 'bed' || place === 'bathroom' ? place : 'room')],
  // One meal a day; outings as before, but nothing else is done at home.
  ['listless', (place, { local }) => (place === 'kitchen' && local.hour > 13 ? 'room' : place)],
  ['indoors', (place) => (place === 'out' ? 'room' : place)],
]

/** The location at `context.now`, planned absences and faults included. */
export function residentLocation(today: Today, subject: Subject, context: StepContext): ResidentLocation {
  if (isAbsent(subject, context.now)) return 'out'
  const place = placeAt(today.routine, context.local.hour)
  const active = locationOverrides.find(([override]) => context.overrides.has(override))
  return active ? active[1](place, context, today) : place
}

/** True during a planned absence of the resident. */
export function isAbsent({ absences }: Subject, now: number): boolean {
  for (const { from, to } of absences) if (now >= from && now < to) return true
  return false
}

const HOUR = 3_600_000

/** The next time, ms, at which the location may change. */
export function nextChange(today: Today, subject: Subject, { now, local }: StepContext): number {
  const byRoutine = now + Math.ceil((nextPlaceChange(today.routine, local.hour) - local.hour) * HOUR)
  const edges = subject.absences.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > now)
  return Math.min(byRoutine, ...edges)
}
