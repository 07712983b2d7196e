/**
 * The activity profile of a home: for each local hour of the last 28 days the longest silence, so far, within that hour
 * (Cuddihy et al. 2007). One letter per hour in steps of a quarter of an hour, so that a home needs less than a kilobyte. Pure.
 */
import { hourMs } from '../local-time.ts'

/** Step of a letter, ms; silences are rounded up to it. */
const stepMs = 900_000
const hours = 24
const profileDays = 28
/** 0 to 15.75 h; a person at home and awake is active before that. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const unknown = '.'
const emptyDay = unknown.repeat(hours)
/** A day with fewer known hours is not learned. */
const minHours = 12
/** Days on which an hour (or one next to it) must be known before it counts. */
const minDaysOfHour = 7
/** Factor applied to the activity shares per day. */
const shareDecay = 0.9

export interface ActivityProfile {
  /** Whole local hours since 1970 of the hour being written. */
  readonly hour: number
  /** Longest silence within that hour, ms; -1 = none known. */
  readonly longestSilence: number
  /** Bit mask of the members with activity in that hour. */
  readonly activeMembers: number
  /** Letters of today's finished hours. */
  readonly today: string
  /** Today is not a usual day and is not learned. */
  readonly excluded: boolean
  /** Letters of the last 28 days; a day is at `day % 28`. */
  readonly days: string
  /** Number of learned days. */
  readonly learnedDays: number
  /** Longest normal silence (steps) by hour of day, including the hours around it; -1 = not known. */
  readonly normal: readonly number[]
  /** Decaying number of hours with activity, by device. */
  readonly activityShares: Readonly<Record<string, number>>
}

export const formerProfileKeys = {
  diary: 'profile',
  longest: 'longestSilence',
  active: 'activeMembers',
  spoilt: 'excluded',
  learned: 'learnedDays',
  shares: 'activityShares',
} as const

/** A silence between two pieces of evidence. */
export interface Silence {
  /** Event times, ms. */
  readonly from: number
  readonly to: number
  /** Local time minus UTC, ms. */
  readonly offset: number
  /** Nobody was away and no alert was open. */
  readonly normal: boolean
}

const hourOf = (ts: number, offset: number): number => Math.floor((ts + offset) / hourMs)

export function emptyProfile(ts: number, offset: number): ActivityProfile {
  return {
    hour: hourOf(ts, offset),
    longestSilence: -1,
    activeMembers: 0,
    today: emptyDay,
    excluded: false,
    days: emptyDay.repeat(profileDays),
    learnedDays: 0,
    normal: new Array<number>(hours).fill(-1),
    activityShares: {},
  }
}

/** Adds a silence; the same object when nothing changes. `ids` are the devices of the members, in the order of the mask. */
export function addSilence(
  profile: ActivityProfile,
  silence: Silence,
  ids: readonly string[],
): ActivityProfile {
  const { from, to, offset, normal } = silence
  const lastHour = hourOf(to, offset)
  if (lastHour < profile.hour) return profile
  if (lastHour - profile.hour > profileDays * hours) return emptyProfile(to, offset)
  let next = profile
  while (next.hour < lastHour) {
    const end = (next.hour + 1) * hourMs - offset
    next = closeHour(normal && end > from ? withSilence(next, end - from) : next, ids)
  }
  return normal ? withSilence(next, to - from) : next
}

const withSilence = (profile: ActivityProfile, length: number): ActivityProfile =>
  length <= profile.longestSilence ? profile : { ...profile, longestSilence: length }

/** Records activity of a member in the current hour. */
export function addActivity(profile: ActivityProfile, member: number): ActivityProfile {
  const activeMembers = profile.activeMembers | (1 << Math.min(member, 30))
  return activeMembers === profile.activeMembers ? profile : { ...profile, activeMembers }
}

export const excludeToday = (profile: ActivityProfile): ActivityProfile =>
  profile.excluded ? profile : { ...profile, excluded: true }

/** Longest normal silence (ms) at an hour of the day (0-23); undefined = not known well enough. */
export function normalSilenceAt({ normal }: ActivityProfile, hour: number): number | undefined {
  const steps = normal[hour] ?? -1
  return steps < 0 ? undefined : steps * stepMs
}

/** Share (0-1) of the activity that the given devices reported; undefined without any activity. */
export function activityShare(
  { activityShares }: ActivityProfile,
  isIncluded: (device: string) => boolean,
): number | undefined {
  let total = 0
  let included = 0
  for (const [device, share] of Object.entries(activityShares)) {
    total += share
    if (isIncluded(device)) included += share
  }
  return total > 0 ? included / total : undefined
}

function closeHour(profile: ActivityProfile, ids: readonly string[]): ActivityProfile {
  const at = profile.hour % hours
  const letter = profile.longestSilence < 0 ? unknown : letterOf(profile.longestSilence)
  const next = {
    ...profile,
    hour: profile.hour + 1,
    longestSilence: -1,
    activeMembers: 0,
    today: profile.today.slice(0, at) + letter + profile.today.slice(at + 1),
    activityShares:
      profile.activeMembers === 0
        ? profile.activityShares
        : countActivity(profile.activityShares, profile.activeMembers, ids),
  }
  return at === hours - 1 ? closeDay(next, Math.floor(profile.hour / hours)) : next
}

const letterOf = (ms: number): string =>
  letters[Math.min(letters.length - 1, Math.ceil(ms / stepMs))] ?? unknown

function countActivity(
  shares: ActivityProfile['activityShares'],
  activeMembers: number,
  ids: readonly string[],
): ActivityProfile['activityShares'] {
  const next: Record<string, number> = { ...shares }
  ids.forEach((id, member) => {
    if ((activeMembers & (1 << Math.min(member, 30))) !== 0) next[id] = (next[id] ?? 0) + 1
  })
  return next
}

function closeDay(profile: ActivityProfile, day: number): ActivityProfile {
  const at = (day % profileDays) * hours
  const isLearned = !profile.excluded && knownHours(profile.today) >= minHours
  const learned = isLearned ? profile.today : emptyDay
  const days = profile.days.slice(0, at) + learned + profile.days.slice(at + hours)
  return {
    ...profile,
    days,
    today: emptyDay,
    excluded: false,
    learnedDays: countLearnedDays(days),
    normal: normalSilences(days),
    activityShares: decayed(profile.activityShares),
  }
}

function decayed(shares: ActivityProfile['activityShares']): ActivityProfile['activityShares'] {
  const remaining = Object.entries(shares).map(([id, share]): [string, number] => [
    id,
    Math.round(share * shareDecay * 100) / 100,
  ])
  return Object.fromEntries(remaining.filter(([, share]) => share >= 0.1))
}

function knownHours(day: string): number {
  let known = 0
  for (const letter of day) if (letter !== unknown) known += 1
  return known
}

function countLearnedDays(days: string): number {
  let learned = 0
  for (let at = 0; at < days.length; at += hours) if (days.slice(at, at + hours) !== emptyDay) learned += 1
  return learned
}

/** People are up to an hour early and up to two hours late, so those hours count as well. */
const neighbours = [-2, -1, 0, 1] as const

function normalSilences(days: string): number[] {
  const longest = Array.from({ length: hours }, (_, hour) => longestAt(days, hour))
  return longest.map((_, hour) => {
    const near = neighbours.map((by) => longest[(hour + by + hours) % hours] ?? { steps: -1, known: 0 })
    const isKnown = near.some(({ known }) => known >= minDaysOfHour)
    return isKnown ? Math.max(...near.map(({ steps }) => steps)) : -1
  })
}

/** Longest silence (steps) at an hour of the day, and on how many days it is known. */
function longestAt(days: string, hour: number): { steps: number; known: number } {
  let steps = -1
  let known = 0
  for (let at = hour; at < days.length; at += hours) {
    const value = letters.indexOf(days[at] ?? unknown)
    if (value < 0) continue
    known += 1
    steps = Math.max(steps, value)
  }
  return { steps, known }
}
