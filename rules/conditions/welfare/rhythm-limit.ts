/** The silence limit of a home, by the hour of the day that the silence has reached. Pure. */
import type { Subject } from '../condition.ts'
import { hourMs, offsetOf } from '../local-time.ts'
import { type ActivityProfile, normalSilenceAt } from './activity-profile.ts'
import { absencesOf, countFrom } from './presence.ts'
import { type Limits, limitOf } from './shared-options.ts'

export interface SilenceLimitOptions {
  readonly margin: number
  readonly days: number
  readonly fallback: number
  readonly least: number
  readonly sleep?: { readonly from: number; readonly to: number; readonly least: number } | undefined
  /** Upper bound. */
  readonly most: Limits
}

interface Silence {
  /** Newest activity of any sensor. */
  readonly lastActivity: number
  readonly profile: ActivityProfile
}

interface SilenceEnd {
  readonly from: number
  readonly at: number
}

/** When the silence started to count, and when it exceeds its limit. */
export function silenceEnd(
  options: SilenceLimitOptions,
  { lastActivity, profile }: Silence,
  subject: Subject,
): SilenceEnd {
  const offset = offsetOf(subject, lastActivity)
  const most = limitOf(options.most, subject)
  const endOf = (from: number) => limitReachedAt(options, { profile, from, offset, most })
  const from = countFrom(absencesOf(subject), lastActivity, endOf)
  return { from, at: endOf(from) }
}

interface SilenceStart {
  readonly profile: ActivityProfile
  readonly from: number
  readonly offset: number
  readonly most: number
}

/** Steps from hour to hour until the silence exceeds the limit of the hour it has reached. */
function limitReachedAt(options: SilenceLimitOptions, { profile, from, offset, most }: SilenceStart): number {
  const latest = from + most
  let hour = Math.floor((from + Math.min(options.least, most) + offset) / hourMs)
  for (;;) {
    const hourStart = hour * hourMs - offset
    const at = Math.max(hourStart, from + (limitAt(options, profile, hour % 24) ?? options.fallback))
    if (at >= latest || hourStart >= latest) return latest
    if (at < hourStart + hourMs) return at
    hour += 1
  }
}

/** Limit at an hour of the day, ms; undefined = the hour is not known well enough. */
export function limitAt(
  options: SilenceLimitOptions,
  profile: ActivityProfile,
  hour: number,
): number | undefined {
  if (profile.learnedDays < options.days) return undefined
  const normal = normalSilenceAt(profile, hour)
  return normal === undefined ? undefined : Math.max(minLimitAt(options, hour), normal * options.margin)
}

/** Lower bound of the limit at an hour of the day; higher while people normally sleep. */
function minLimitAt({ least, sleep }: SilenceLimitOptions, hour: number): number {
  if (!sleep) return least
  const { from, to } = sleep
  const asleep = from <= to ? hour >= from && hour < to : hour >= from || hour < to
  return asleep ? Math.max(least, sleep.least) : least
}
