/** How long a home may be silent, by what is normal at the hour of the day to which the silence has come. Pure. */
import type { Evaluate } from '../../expression/scope.ts'
import type { Subject } from '../condition.ts'
import { type Diary, normalAt } from './activity-profile.ts'
import { absencesOf, countFrom } from './calendar.ts'
import { offsetOf } from './local-clock.ts'

const hourMs = 3_600_000

export interface LimitOptions {
  readonly margin: number
  readonly days: number
  readonly fallback: number
  readonly least: number
  readonly sleep?: { readonly from: number; readonly to: number; readonly least: number } | undefined
  readonly most: number
  readonly limits: readonly { readonly when: Evaluate<boolean>; readonly most: number }[]
}

interface Silence {
  /** Newest change of any sensor. */
  readonly last: number
  readonly diary: Diary
}

interface End {
  readonly from: number
  readonly at: number
}

/** Since when the silence counts and when it is too long. */
export function endOf(options: LimitOptions, { last: begin, diary }: Silence, subject: Subject): End {
  const offset = offsetOf(subject, begin)
  const most = mostOf(options, subject)
  const end = (from: number) => tooLong(options, { diary, from, offset, most })
  const from = countFrom(absencesOf(subject), begin, end)
  return { from, at: end(from) }
}

function mostOf(options: LimitOptions, subject: Subject): number {
  if (options.limits.length === 0) return options.most
  const scope = subject.scope(0)
  return options.limits.find(({ when }) => when(scope) === true)?.most ?? options.most
}

interface Walk {
  readonly diary: Diary
  readonly from: number
  readonly offset: number
  readonly most: number
}

/** Walks from hour to hour until the silence passes the limit of the hour it has come to. */
function tooLong(options: LimitOptions, { diary, from, offset, most }: Walk): number {
  const latest = from + most
  let hour = Math.floor((from + Math.min(options.least, most) + offset) / hourMs)
  for (;;) {
    const begin = hour * hourMs - offset
    const at = Math.max(begin, from + (limitAt(options, diary, hour % 24) ?? options.fallback))
    if (at >= latest || begin >= latest) return latest
    if (at < begin + hourMs) return at
    hour += 1
  }
}

/** ms; undefined = too little is known of the hour. */
export function limitAt(options: LimitOptions, diary: Diary, hour: number): number | undefined {
  if (diary.learned < options.days) return undefined
  const normal = normalAt(diary, hour)
  return normal === undefined ? undefined : Math.max(leastAt(options, hour), normal * options.margin)
}

/** Whoever sleeps through for once is not ill. */
function leastAt({ least, sleep }: LimitOptions, hour: number): number {
  if (!sleep) return least
  const { from, to } = sleep
  const asleep = from <= to ? hour >= from && hour < to : hour >= from || hour < to
  return asleep ? Math.max(least, sleep.least) : least
}
