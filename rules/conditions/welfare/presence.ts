/**
 * Whether somebody is at home. By sensors, in a one-person home: away after the entrance door was opened and closed and no
 * movement inside followed for a while. By the calendar: during a planned absence nothing is missed. Pure.
 */
import { z } from 'zod'
import type { HomeAbsence } from '../../../model/ports/directory.ts'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import type { BuildContext, Subject } from '../condition.ts'
import { isSelected } from './shared-options.ts'

/** `undefined` = the newest evidence came from inside. */
export interface Presence {
  /** Event time (ms) of the newest door movement, without evidence from inside since. */
  readonly doorAt: number
  /** The door is still open, so the resident has not left yet. */
  readonly open?: true
}

export const formerPresenceKeys = { door: 'doorAt' } as const

export const presenceSchema = z.strictObject({
  /** Selects the members that are entrance doors; only facts of meta, not readings. */
  door: expressionText,
  /** True for a door message that reports opening or closing. */
  moved: expressionText,
  /** True when the door is open after that message. */
  open: expressionText,
  /** True for a message of another member that shows somebody inside; the end of a movement does not. */
  inside: expressionText,
  /** Away after this time without evidence from inside since the door was closed (domain.md H3). */
  after: duration.default(900_000),
})

export interface PresenceOptions {
  readonly door: Evaluate<boolean>
  readonly moved: Evaluate<boolean>
  readonly open: Evaluate<boolean>
  readonly inside: Evaluate<boolean>
  readonly after: number
}

export function buildPresence(
  spec: z.output<typeof presenceSchema>,
  context: BuildContext,
  ...path: readonly string[]
): PresenceOptions {
  const expression = (key: 'door' | 'moved' | 'open' | 'inside') =>
    context.expression(spec[key], ...path, key)
  return {
    door: expression('door'),
    moved: expression('moved'),
    open: expression('open'),
    inside: expression('inside'),
    after: spec.after,
  }
}

/** Presence after one message; the same object when the message is no evidence. */
export function stepPresence(
  options: PresenceOptions,
  former: Presence | undefined,
  { scope, ts }: { readonly scope: Scope; readonly ts: number },
): Presence | undefined {
  if (former && ts < former.doorAt) return former
  if (options.door(scope) !== true) return former && options.inside(scope) === true ? undefined : former
  if (options.moved(scope) !== true) return former
  return options.open(scope) === true ? { doorAt: ts, open: true } : { doorAt: ts }
}

/** Start of the absence that lasts at `now`; undefined when somebody is, or may be, at home. */
export function awaySince(
  { after }: PresenceOptions,
  presence: Presence | undefined,
  now: number,
): number | undefined {
  return presence && !presence.open && now - presence.doorAt >= after ? presence.doorAt : undefined
}

/** Members that show activity inside. False, like `isEntrance`, for device types that the rule does not cover. */
export const isInside = ({ door }: PresenceOptions, subject: Subject, member: number): boolean =>
  door(subject.scope(member)) === false

export const isEntrance = ({ door }: PresenceOptions, subject: Subject, member: number): boolean =>
  isSelected(door, subject, member)

const none: readonly HomeAbsence[] = []

/** Planned absences of the home (its residents' calendars), in order of time. */
export const absencesOf = (subject: Subject): readonly HomeAbsence[] => subject.home?.away ?? none

/** The instant from which a wait counts: `from`, or the end of the last absence that begins before the wait is over. */
export function countFrom(
  absences: readonly HomeAbsence[],
  from: number,
  endOf: (start: number) => number,
): number {
  let start = from
  for (const absence of absences) {
    if (absence.to <= start) continue
    if (absence.from >= endOf(start)) break
    start = absence.to
  }
  return start
}

/** True when an absence overlaps `from` to `to`. */
export function overlapsAbsence(absences: readonly HomeAbsence[], from: number, to: number): boolean {
  for (const absence of absences) if (absence.from < to && absence.to > from) return true
  return false
}
