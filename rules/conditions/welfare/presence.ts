/**
 * Whether somebody is in a home of one person, as far as its sensors tell: after the entrance was opened and closed
 * again and nothing moved inside for a while, nobody is. Pure.
 */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import type { BuildContext, Subject } from '../condition.ts'

/** `undefined` = the newest sign came from inside. */
export interface Presence {
  /** Newest opening or closing of an entrance door after which nothing moved inside, event time in ms. */
  readonly door: number
  /** It stands open: nobody has gone for good. */
  readonly open?: true
}

export const presenceSchema = z.strictObject({
  /** Which members are entrance doors; only facts of meta, not readings. */
  door: expressionText,
  /** This message of one tells that it was opened or closed. */
  moved: expressionText,
  /** After that message it stands open. */
  open: expressionText,
  /** This message of another member shows that somebody is inside; the end of a movement does not. */
  inside: expressionText,
  /** Nothing inside for so long after the door was closed: away (domain.md H3). */
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
  const expression = (word: 'door' | 'moved' | 'open' | 'inside') =>
    context.expression(spec[word], ...path, word)
  return {
    door: expression('door'),
    moved: expression('moved'),
    open: expression('open'),
    inside: expression('inside'),
    after: spec.after,
  }
}

/** After one message; the same object when it tells nothing of it. */
export function stepPresence(
  options: PresenceOptions,
  former: Presence | undefined,
  { scope, ts }: { readonly scope: Scope; readonly ts: number },
): Presence | undefined {
  if (former && ts < former.door) return former
  if (options.door(scope) !== true) return former && options.inside(scope) === true ? undefined : former
  if (options.moved(scope) !== true) return former
  return options.open(scope) === true ? { door: ts, open: true } : { door: ts }
}

/** Since when nobody is there; undefined when somebody is, or may be. */
export function awaySince(
  { after }: PresenceOptions,
  presence: Presence | undefined,
  now: number,
): number | undefined {
  return presence && !presence.open && now - presence.door >= after ? presence.door : undefined
}

/** Members that show what happens inside; a device of a type that the rule is not about is neither. */
export const isInside = ({ door }: PresenceOptions, subject: Subject, member: number): boolean =>
  door(subject.scope(member)) === false

export const isEntrance = ({ door }: PresenceOptions, subject: Subject, member: number): boolean =>
  door(subject.scope(member)) === true
