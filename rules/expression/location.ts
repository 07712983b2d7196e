/** Where a device is, for rules: the local time of its site and how high the sun stands, cheap enough to ask at every reading. */
import { getPosition } from 'suncalc'

/** What a location is made of. Coordinates in degrees, east and north positive; undefined = nobody told. */
export interface LocationFacts {
  /** IANA name; undefined when the site is not known. */
  readonly timeZone: string | undefined
  readonly latitude: number | undefined
  readonly longitude: number | undefined
}

/** All times are event times in ms; every answer is undefined when it cannot be known (`NaN` as time included). */
export interface Location {
  /** How far local time is ahead of UTC, ms. */
  offset(ts: number): number | undefined
  /** 0 <= hour < 24, with its fraction. */
  localHour(ts: number): number | undefined
  /** 1 = Monday … 7 = Sunday. */
  dayOfWeek(ts: number): number | undefined
  /** Days since 1970-01-01 on the local calendar. */
  localDay(ts: number): number | undefined
  /** Height of the sun's centre over the horizon as seen (with refraction), degrees; of the whole minute. */
  sunElevation(ts: number): number | undefined
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** Event times beyond this (year 2500) or before 1970 are no times of a device; time zone data ends long before. */
const endOfTime = 16_725_225_600_000

export function createLocation({ timeZone, latitude, longitude }: LocationFacts): Location {
  const offset = timeZone === undefined ? () => undefined : offsetOf(timeZone)
  const local = (ts: number): number | undefined => {
    const ahead = offset(ts)
    return ahead === undefined ? undefined : ts + ahead
  }
  const day = (ts: number): number | undefined => {
    const time = local(ts)
    return time === undefined ? undefined : Math.floor(time / dayMs)
  }
  return {
    offset,
    localDay: day,
    localHour(ts) {
      const time = local(ts)
      return time === undefined ? undefined : (time - Math.floor(time / dayMs) * dayMs) / hourMs
    },
    dayOfWeek(ts) {
      const days = day(ts)
      // 1970-01-01 was a Thursday.
      return days === undefined ? undefined : ((((days + 3) % 7) + 7) % 7) + 1
    },
    sunElevation:
      latitude === undefined || longitude === undefined ? () => undefined : sunOver(latitude, longitude),
  }
}

/** Between two changes of a zone's offset nothing is to be looked up: one look-up a summer and one a winter. */
function offsetOf(timeZone: string): (ts: number) => number | undefined {
  let from = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  let offset = 0
  return (ts) => {
    if (ts >= from && ts < until) return offset
    if (!(ts >= 0 && ts < endOfTime)) return undefined
    const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(ts)).toZonedDateTimeISO(timeZone)
    offset = zoned.offsetNanoseconds / 1e6
    until = zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? endOfTime
    // The transition before an instant that is one itself is an earlier one.
    const before = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
    from = Math.max(0, before?.epochMilliseconds ?? 0)
    return offset
  }
}

function sunOver(latitude: number, longitude: number): (ts: number) => number | undefined {
  let minute = Number.NaN
  let elevation = 0
  return (ts) => {
    const now = Math.floor(ts / minuteMs)
    if (now === minute) return elevation
    if (!(ts >= 0 && ts < endOfTime)) return undefined
    minute = now
    elevation = getPosition(new Date(now * minuteMs), latitude, longitude).altitude
    return elevation
  }
}

/** Degrees to which locations are told apart: about 1 km, over which the sun's height differs by 0.01 degrees. */
const coordinateStep = 0.01

/** Locations by what they are made of: neighbours share one, and what it has worked out. */
export function createLocations(): (facts: LocationFacts) => Location {
  const known = new Map<string, Location>()
  const rounded = (degrees: number | undefined): number | undefined =>
    degrees === undefined ? undefined : Math.round(degrees / coordinateStep) * coordinateStep
  return ({ timeZone, latitude, longitude }) => {
    const facts = { timeZone, latitude: rounded(latitude), longitude: rounded(longitude) }
    const key = locationKey(facts)
    const found = known.get(key) ?? createLocation(facts)
    known.set(key, found)
    return found
  }
}

/** Equal for locations at which rules cannot answer differently. */
export function locationKey({ timeZone, latitude, longitude }: LocationFacts): string {
  return `${timeZone} ${latitude?.toFixed(2)} ${longitude?.toFixed(2)}`
}
