/** What a fault does to a device that otherwise goes on as usual: it bends what is said, around or in place of it. */
import type { FieldValues } from '../../model/device-type.ts'
import type { Circumstance } from '../devices/behaviour.ts'
import type { Subject } from '../subject.ts'

/** Simulated time, ms. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface FaultMoment {
  /** ms since `from`; negative in the lead. */
  readonly elapsed: number
  readonly span: Span
  readonly subject: Subject
}

/** Something at one instant: a word on the `event` topic, the line cut, the line back, the device switched off and on. */
export interface Happening {
  readonly at: number
  readonly what: { readonly event: string } | 'drop' | 'connect' | 'restart'
}

export interface Fault {
  readonly name: string
  /** Of domain.md: the rule that must notice it; of a decoy the rule that must say nothing. */
  readonly ref: string
  /** Looks like the fault of `ref` and is none: a correct hub says nothing of `ref` about these devices then. */
  readonly decoy?: true
  readonly deviceTypes: readonly string[]
  /** Which devices share it: one, or all of its circuit, home or gateway. */
  readonly reach: 'device' | 'circuit' | 'home' | 'gateway'
  /** Shortest and longest in a plan, ms. */
  readonly lasts: readonly [number, number]
  /** A correct hub has raised it so long after `from`, ms. */
  readonly raisedWithin: number
  /** How long the hub must have known the device's ordinary life before, ms; for rules that compare with it. */
  readonly learns?: number
  /** The same fault befalls a device again only so long after, ms: until its alert is over. */
  readonly again?: number
  /** ms before `from` and after `to` in which messages are bent too: how people came into the car, how they left. */
  readonly lead?: number
  readonly tail?: number
  /** Sends at least so often while it lasts, ms. */
  readonly every?: number
  readonly circumstance?: Circumstance
  /** Bends telemetry; the values given are what would have been sent. */
  shape?(values: FieldValues, moment: FaultMoment): FieldValues
  /** True for messages that are sent and never come, by their number. */
  loses?(seq: number): boolean
  happenings?(span: Span, subject: Subject): readonly Happening[]
  /** False when nobody could notice it then, e.g. a dark lamp by day. */
  visible?(span: Span, subject: Subject): boolean
}

/** When it starts and stops to have an effect, lead and tail included. */
export function effectOf(fault: Fault, { from, to }: Span): Span {
  return { from: from - (fault.lead ?? 0), to: to + (fault.tail ?? 0) }
}
