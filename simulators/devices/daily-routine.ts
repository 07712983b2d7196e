/** The day of a resident living alone, hour by hour; the same for every sensor of the home. */
import { createRandom, type Random } from '../random.ts'

export interface Outing {
  /** Local hours of the day. */
  readonly leave: number
  readonly back: number
}

export type Place = 'bed' | 'bathroom' | 'kitchen' | 'room' | 'out'

/** From an hour of the day until the next segment. */
export interface Segment {
  readonly from: number
  readonly place: Place
}

export interface DayRoutine {
  readonly wake: number
  readonly sleep: number
  /** In time order; the home is empty during an outing. */
  readonly outings: readonly Outing[]
  /** The whole day from hour 0, in time order. */
  readonly segments: readonly Segment[]
}

interface Span extends Segment {
  readonly to: number
}

/**
 * The routine of one home on one day (days since 1970). Two or three outings a day, so that a door that stays closed
 * for a day is unusual; once a week a longer outing and a late morning, most nights a visit to the bathroom.
 */
export function routineOf(home: string, day: number): DayRoutine {
  const random = createRandom(`${home}/${day}`)
  const weekday = (day + createRandom(home).int(0, 6)) % 7
  const wake = random.between(5.6, 7.2) + (weekday === 6 ? 0.6 : 0)
  const sleep = random.between(21.2, 22.8)
  const outings = outingsOf(random, weekday)
  const spans: Span[] = [
    { from: 0, to: 24, place: 'room' },
    { from: 0, to: wake, place: 'bed' },
    { from: sleep, to: 24, place: 'bed' },
    ...nightVisits(random, wake),
    stay('bathroom', wake, random.between(0.1, 0.2)),
    stay('kitchen', wake + random.between(0.3, 0.6), random.between(0.3, 0.6)),
    ...meals(random, outings),
    ...[9.2, 13.5, 16.8, 20.4].map((hour) =>
      stay('bathroom', hour + random.between(-0.4, 0.4), random.between(0.05, 0.15)),
    ),
    stay('bathroom', sleep - 0.25, 0.15),
    ...outings.map(({ leave, back }): Span => ({ from: leave, to: back, place: 'out' })),
  ]
  return { wake, sleep, outings, segments: toSegments(spans) }
}

function outingsOf(random: Random, weekday: number): Outing[] {
  const morning = outing(random.between(7.9, 9.2), random.between(0.4, weekday === 2 ? 3 : 1.8))
  const afternoon = outing(random.between(14.5, 16), random.between(0.3, 1.6))
  const evening = outing(random.between(18.6, 19.4), random.between(0.2, 0.9))
  return random.chance(0.5) ? [morning, afternoon, evening] : [morning, afternoon]
}

const outing = (leave: number, hours: number): Outing => ({ leave, back: leave + hours })
const stay = (place: Place, from: number, hours: number): Span => ({ from, to: from + hours, place })

function nightVisits(random: Random, wake: number): Span[] {
  const visits = random.chance(0.7) ? [random.between(1, 2.5)] : []
  if (random.chance(0.3)) visits.push(random.between(3.5, wake - 1))
  return visits.map((hour) => stay('bathroom', hour, random.between(0.07, 0.14)))
}

/** Lunch before noon, or soon after a late return. */
function meals(random: Random, outings: readonly Outing[]): Span[] {
  const back = outings[0]?.back ?? 0
  const lunch = Math.max(random.between(10.6, 11.3), back + 0.1)
  return [
    stay('kitchen', lunch, random.between(0.3, 0.6)),
    stay('kitchen', random.between(17.2, 17.9), random.between(0.3, 0.6)),
  ]
}

/** Later spans cover earlier ones. */
function toSegments(spans: readonly Span[]): Segment[] {
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const segments: Segment[] = []
  for (const from of edges) {
    const place = spans.findLast((span) => span.from <= from && from < span.to)?.place
    if (place !== undefined && segments.at(-1)?.place !== place) segments.push({ from, place })
  }
  return segments
}

/** Where the resident is at a local hour. */
export function placeAt({ segments }: DayRoutine, hour: number): Place {
  return segments.findLast(({ from }) => from <= hour)?.place ?? 'room'
}

/** Local hour of the next change of place; 24 when there is none on this day. */
export function nextPlaceChange({ segments }: DayRoutine, hour: number): number {
  return segments.find(({ from }) => from > hour)?.from ?? 24
}
