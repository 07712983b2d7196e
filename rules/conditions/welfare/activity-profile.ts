/**
 * What is normal in a home: for each local hour of the last 28 days the longest silence, so far, within that hour
 * (Cuddihy et al. 2007). One letter an hour, a quarter of an hour each, so that a home needs less than a kilobyte. Pure.
 */

const hourMs = 3_600_000
/** What a letter stands for, ms; silences are rounded up to it. */
const stepMs = 900_000
const hours = 24
export const diaryDays = 28
/** 0 to 15.75 h; whoever is at home and up gives a sign before that. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const unknown = '.'
const blankDay = unknown.repeat(hours)
/** A day with fewer known hours than this is not learned. */
const leastHours = 12
/** Days on which an hour (or one beside it) must be known before it counts. */
const leastOfHour = 7
/** What is left of a sensor's share after a day. */
const fading = 0.9

export interface Diary {
  /** Whole local hours since 1970 of the hour being written. */
  readonly hour: number
  /** Longest silence within it, ms; -1 = none known. */
  readonly longest: number
  /** Bit mask of the members that gave a sign in it. */
  readonly active: number
  /** Letters of the hours of today that are over. */
  readonly today: string
  /** Today is no usual day and is not learned. */
  readonly spoilt: boolean
  /** Letters of the last 28 days, a day at `day % 28`. */
  readonly days: string
  /** Days that were learned. */
  readonly learned: number
  /** Longest normal silence (steps) by hour of day, the hours around it included; -1 = not known. */
  readonly normal: readonly number[]
  /** In how many hours a sensor gave a sign, by device, fading. */
  readonly shares: Readonly<Record<string, number>>
}

/** A silence from sign to sign, as it is to be written. */
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

export function openDiary(ts: number, offset: number): Diary {
  return {
    hour: hourOf(ts, offset),
    longest: -1,
    active: 0,
    today: blankDay,
    spoilt: false,
    days: blankDay.repeat(diaryDays),
    learned: 0,
    normal: new Array<number>(hours).fill(-1),
    shares: {},
  }
}

/** Writes a silence; the same object when it changes nothing. `ids` are the members' devices, as in the mask. */
export function writeSilence(diary: Diary, silence: Silence, ids: readonly string[]): Diary {
  const { from, to, offset, normal } = silence
  const last = hourOf(to, offset)
  if (last < diary.hour) return diary
  if (last - diary.hour > diaryDays * hours) return openDiary(to, offset)
  let page = diary
  while (page.hour < last) {
    const end = (page.hour + 1) * hourMs - offset
    const longest = normal && end > from ? Math.max(page.longest, end - from) : page.longest
    page = closeHour(longest === page.longest ? page : { ...page, longest }, ids)
  }
  const longest = normal ? Math.max(page.longest, to - from) : page.longest
  return longest === page.longest ? page : { ...page, longest }
}

/** A member gave a sign in this hour. */
export function writeSign(diary: Diary, member: number): Diary {
  const active = diary.active | (1 << Math.min(member, 30))
  return active === diary.active ? diary : { ...diary, active }
}

export const spoil = (diary: Diary): Diary => (diary.spoilt ? diary : { ...diary, spoilt: true })

/** Longest normal silence (ms) at an hour of the day (0-23); undefined = not known well enough. */
export function normalAt({ normal }: Diary, hour: number): number | undefined {
  const steps = normal[hour] ?? -1
  return steps < 0 ? undefined : steps * stepMs
}

/** Part (0-1) of the signs that the given devices gave; undefined when there were none yet. */
export function shareOf({ shares }: Diary, isOne: (device: string) => boolean): number | undefined {
  let all = 0
  let some = 0
  for (const [device, share] of Object.entries(shares)) {
    all += share
    if (isOne(device)) some += share
  }
  return all > 0 ? some / all : undefined
}

function closeHour(diary: Diary, ids: readonly string[]): Diary {
  const at = diary.hour % hours
  const letter = diary.longest < 0 ? unknown : letterOf(diary.longest)
  const page = {
    ...diary,
    hour: diary.hour + 1,
    longest: -1,
    active: 0,
    today: diary.today.slice(0, at) + letter + diary.today.slice(at + 1),
    shares: diary.active === 0 ? diary.shares : withSigns(diary.shares, diary.active, ids),
  }
  return at === hours - 1 ? closeDay(page, Math.floor(diary.hour / hours)) : page
}

const letterOf = (ms: number): string =>
  letters[Math.min(letters.length - 1, Math.ceil(ms / stepMs))] ?? unknown

function withSigns(shares: Diary['shares'], active: number, ids: readonly string[]): Diary['shares'] {
  const next: Record<string, number> = { ...shares }
  ids.forEach((id, member) => {
    if ((active & (1 << Math.min(member, 30))) !== 0) next[id] = (next[id] ?? 0) + 1
  })
  return next
}

function closeDay(page: Diary, day: number): Diary {
  const at = (day % diaryDays) * hours
  const line = page.spoilt || knownHours(page.today) < leastHours ? blankDay : page.today
  const days = page.days.slice(0, at) + line + page.days.slice(at + hours)
  return {
    ...page,
    days,
    today: blankDay,
    spoilt: false,
    learned: learnedDays(days),
    normal: normalHours(days),
    shares: faded(page.shares),
  }
}

function faded(shares: Diary['shares']): Diary['shares'] {
  const left = Object.entries(shares).map(([id, share]): [string, number] => [
    id,
    Math.round(share * fading * 100) / 100,
  ])
  return Object.fromEntries(left.filter(([, share]) => share >= 0.1))
}

function knownHours(line: string): number {
  let known = 0
  for (const letter of line) if (letter !== unknown) known += 1
  return known
}

function learnedDays(days: string): number {
  let learned = 0
  for (let at = 0; at < days.length; at += hours) if (days.slice(at, at + hours) !== blankDay) learned += 1
  return learned
}

/** People are an hour early, and up to two late: those hours count as well. */
const besides = [-2, -1, 0, 1] as const

function normalHours(days: string): number[] {
  const longest = Array.from({ length: hours }, (_, hour) => longestOf(days, hour))
  return longest.map((_, hour) => {
    const near = besides.map((by) => longest[(hour + by + hours) % hours] ?? { steps: -1, known: 0 })
    const enough = near.some(({ known }) => known >= leastOfHour)
    return enough ? Math.max(...near.map(({ steps }) => steps)) : -1
  })
}

function longestOf(days: string, hour: number): { steps: number; known: number } {
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
