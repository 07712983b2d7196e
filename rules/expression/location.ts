/** The place of a device, for rules: local time of its site and sun elevation, cached because every reading may use them. */
import { getPosition } from 'suncalc'

/** Coordinates in degrees, east and north positive; undefined = not known. */
export interface LocationFacts {
  /** IANA name; undefined when the site is not known. */
  readonly timeZone: string | undefined
  readonly latitude: number | undefined
  readonly longitude: number | undefined
}

/** All times are event times in ms; results are undefined when unknown (also for `NaN` as time). */
export interface Location {
  /** Local time minus UTC, ms. */
  offset(ts: number): number | undefined
  /** 0 <= hour < 24, with its fraction. */
  localHour(ts: number): number | undefined
  /** 1 = Monday … 7 = Sunday. */
  dayOfWeek(ts: number): number | undefined
  /** Days since 1970-01-01 on the local calendar. */
  localDay(ts: number): number | undefined
  /** Elevation of the sun's centre with refraction, degrees; the same for the whole minute. */
  sunElevation(ts: number): number | undefined
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** Year 2500: later times, and those before 1970, are invalid device times; time zone data ends long before. */
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

/** Cached between two changes of the zone's offset: about two look-ups a year. */
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
    // `previous` skips a transition at the instant itself.
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

/** Locations closer than this (degrees, about 1 km) share one: the sun's elevation differs by 0.01 degrees. */
const coordinateStep = 0.01

/** Locations by their facts: devices in the same place share one with its cache. */
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

/** Equal for locations that give rules the same results. */
export function locationKey({ timeZone, latitude, longitude }: LocationFacts): string {
  return `${timeZone} ${latitude?.toFixed(2)} ${longitude?.toFixed(2)}`
}
