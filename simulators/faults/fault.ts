/** What a fault is: how it changes the messages of a device that otherwise behaves as usual, and what a hub must raise. */
import type { FieldValues } from '../../model/device-type.ts'
import type { BehaviourOverride } from '../devices/behaviour.ts'
import type { Subject } from '../subject.ts'

/** Simulated time, ms; `to` is exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface FaultContext {
  /** ms since `span.from`; negative during the lead-in. */
  readonly elapsed: number
  readonly span: Span
  readonly subject: Subject
}

/** Something that happens at one instant: a message on the `event` topic, or a connection change or restart. */
export interface FaultEvent {
  readonly at: number
  readonly action: { readonly event: string } | 'drop' | 'connect' | 'restart'
}

export interface Fault {
  readonly name: string
  /** Rule number in domain.md: the rule that must raise, or, for a decoy, the rule that must not. */
  readonly ref: string
  /** Looks like the fault of `ref` but is none: a correct hub raises nothing of `ref` for these devices. */
  readonly decoy?: true
  readonly deviceTypes: readonly string[]
  /** Which devices it affects: one, or all of its circuit, home or gateway. */
  readonly affects: 'device' | 'circuit' | 'home' | 'gateway'
  /** Shortest and longest duration in a plan, ms. */
  readonly duration: readonly [number, number]
  /** A correct hub raises the alert within this time after `span.from`, ms. */
  readonly raiseWithin: number
  /** Ordinary behaviour the hub must have seen before, ms; for rules that compare with a baseline. */
  readonly minHistory?: number
  /** Minimum gap before the same fault hits a device again, ms: until its alert has cleared. */
  readonly minRepeatGap?: number
  /** ms before `span.from` and after `span.to` in which telemetry changes as well: how people enter and leave the car. */
  readonly leadIn?: number
  readonly leadOut?: number
  /** Longest interval between two readings while it is active, ms. */
  readonly reportEvery?: number
  readonly override?: BehaviourOverride
  /** Changes telemetry; `values` are the values that would have been sent otherwise. */
  alterTelemetry?(values: FieldValues, context: FaultContext): FieldValues
  /** True for messages, by `seq`, that are sent but never arrive. */
  isLost?(seq: number): boolean
  events?(span: Span, subject: Subject): readonly FaultEvent[]
  /** False when no hub could detect it then, e.g. a dark lamp by day. */
  isDetectable?(span: Span, subject: Subject): boolean
}

/** The span in which it has an effect, lead-in and lead-out included. */
export function effectSpan(fault: Fault, { from, to }: Span): Span {
  return { from: from - (fault.leadIn ?? 0), to: to + (fault.leadOut ?? 0) }
}
