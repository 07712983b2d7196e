/** Options that several welfare conditions share: selectors of members, and limits that differ for some homes. */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import type { BuildContext, Subject } from '../condition.ts'

/** An option such as `watch`, about facts of meta and home; undefined selects every member. */
type Selector = Evaluate<boolean> | undefined

export const isSelected = (selector: Selector, subject: Subject, member: number): boolean =>
  !selector || selector(subject.scope(member)) === true

export const hasSelected = (selector: Selector, subject: Subject): boolean =>
  subject.members.some((_, member) => isSelected(selector, subject, member))

export const selectedMembers = (selector: Selector, subject: Subject): Subject['members'] =>
  subject.members.filter((_, member) => isSelected(selector, subject, member))

const maxLimits = 8

/** The first entry whose `when` is true replaces the usual limit. */
export const limitsSchema = z
  .array(z.strictObject({ when: expressionText, for: duration }))
  .max(maxLimits)
  .default([])

export interface Limits {
  /** The usual limit, ms. */
  readonly for: number
  readonly limits: readonly { readonly when: Evaluate<boolean>; readonly for: number }[]
}

export const buildLimits = (
  limits: readonly { readonly when: string; readonly for: number }[],
  context: BuildContext,
): Limits['limits'] =>
  limits.map((limit, index) => ({
    for: limit.for,
    when: context.expression(limit.when, 'limits', index, 'when'),
  }))

/** By the values in `scope`, ms. */
export const limitIn = (options: Limits, scope: Scope): number =>
  options.limits.find(({ when }) => when(scope) === true)?.for ?? options.for

/** By facts of the home and meta, ms. */
export const limitOf = (options: Limits, subject: Subject): number =>
  options.limits.length === 0 ? options.for : limitIn(options, subject.scope(0))
