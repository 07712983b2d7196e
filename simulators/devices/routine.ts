/** The day of a person living alone, the same for every sensor of the home. */
import { createRandom } from '../random.ts'

export interface Outing {
  /** Local hours of the day. */
  readonly leave: number
  readonly back: number
}

export interface DayRoutine {
  readonly wake: number
  readonly sleep: number
  /** In time order; nobody is at home within one. */
  readonly outings: readonly Outing[]
}

/** Two or three ways out of the house a day, so that a door that stays shut for a day means something. */
export function routineOf(home: string, day: number): DayRoutine {
  const random = createRandom(`${home}/${day}`)
  const wake = random.between(5.6, 7.2)
  const sleep = random.between(21.2, 22.8)
  const morning = outing(random.between(7.8, 9.5), random.between(0.4, 1.8))
  const afternoon = outing(random.between(14.5, 16.5), random.between(0.3, 1.6))
  const evening = outing(random.between(18.6, 19.4), random.between(0.2, 0.9))
  return { wake, sleep, outings: random.chance(0.5) ? [morning, afternoon, evening] : [morning, afternoon] }
}

const outing = (leave: number, hours: number): Outing => ({ leave, back: leave + hours })

/** Hours of the day at which the entrance door opens, in order. */
export function openingsOf(routine: DayRoutine): number[] {
  return routine.outings.flatMap(({ leave, back }) => [leave, back])
}

export function isAway(routine: DayRoutine, hour: number): boolean {
  return routine.outings.some(({ leave, back }) => hour >= leave && hour < back)
}

export function isAsleep(routine: DayRoutine, hour: number): boolean {
  return hour < routine.wake || hour >= routine.sleep
}
