/** A rule ready to run. */
import type { AlertKind, Severity } from '../../model/severity.ts'
import type { Text } from '../../model/text.ts'
import type { Condition } from '../conditions/condition.ts'
import type { Evaluate, Layout } from '../expression/scope.ts'
import type { Parameter } from '../expression/vocabulary.ts'
import type { Grouping } from '../schema/rule-file.ts'
import type { Signal } from '../signals/signal.ts'
import type { Overrides } from './overrides.ts'
import type { Step } from './severity-steps.ts'

export interface CompiledRule {
  readonly id: string
  /** Which overrides are taken in; empty = none. */
  readonly variant: string
  /** Of the rule itself, when it says otherwise for some. */
  readonly overrides?: Overrides
  readonly ref: string
  readonly title: Text
  readonly kind: AlertKind
  readonly severity: Severity
  readonly source: Text
  readonly types: ReadonlySet<string>
  readonly of: Grouping
  readonly where: Evaluate<boolean> | undefined
  readonly mute: Evaluate<boolean> | undefined
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly signals: readonly { readonly name: string; readonly signal: Signal }[]
  readonly condition: Condition
  /** Most severe first. */
  readonly steps: readonly Step[]
  /** Its kind and those of its parts; state of another one is not carried over to this one. */
  readonly stateShape: string
  /** Another one judges otherwise: what was judged by it is not judged again by this one. */
  readonly fingerprint: string
  readonly inhibits: readonly string[]
  /** ms after the opening of a case within which the same at the same device belongs to it. */
  readonly sameCase?: number | undefined
  /** Not an alert, but the end of the work on those of these rules. */
  readonly completes?: readonly string[] | undefined
  readonly reason: Text
  readonly reasons: Readonly<Record<string, Text>>
  /** How long a value is believed when nothing else is said, ms. */
  readonly maxAge: number
  /** The shortest time for which some part of it believes a value, ms. */
  readonly shortestMaxAge: number
  /** Events are shown to rules that ask for them. */
  readonly usesEvent: boolean
  /** It asks for the time or the sun: what it says may change although no field does. */
  readonly usesTime: boolean
  /** Slots the rule reads, by device type. */
  readonly reads: ReadonlyMap<string, ReadonlySet<number>>
}

export interface CompiledRules {
  readonly list: readonly CompiledRule[]
  /** Which fields of each device type have a slot. */
  readonly layouts: ReadonlyMap<string, Layout>
}
