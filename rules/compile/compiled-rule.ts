/** A rule ready to run, with its overrides and severity steps. */
import type { AlertKind, Severity } from '../../model/severity.ts'
import type { Text } from '../../model/text.ts'
import type { Condition } from '../conditions/condition.ts'
import type { Evaluate, Layout, Scope } from '../expression/scope.ts'
import type { Parameter } from '../expression/vocabulary.ts'
import type { Grouping, Override } from '../schema/rule-file.ts'
import type { Signal } from '../signals/signal.ts'

export interface CompiledRule {
  readonly id: string
  /** Indexes of the overrides that are applied; empty = none. */
  readonly variant: string
  /** Only in the rule without overrides applied. */
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
  /** Kinds of the condition and its parts; state is carried over only between equal shapes. */
  readonly stateShape: string
  /** Differs between versions that evaluate differently: readings evaluated by one are not evaluated again by the other. */
  readonly fingerprint: string
  readonly inhibits: readonly string[]
  /** ms after a case was opened within which a repetition at the same device belongs to it. */
  readonly sameCase?: number | undefined
  /** Ids of rules whose work orders are done when this begins; it raises no alert. */
  readonly completes?: readonly string[] | undefined
  readonly reason: Text
  readonly reasons: Readonly<Record<string, Text>>
  /** Default time after which a value is stale, ms. */
  readonly maxAge: number
  /** The smallest `maxAge` of any part, ms. */
  readonly shortestMaxAge: number
  /** It reads the names of events. */
  readonly usesEvent: boolean
  /** It uses the time or the sun, so its result may change although no field does. */
  readonly usesTime: boolean
  /** Slots the rule reads, by device type. */
  readonly reads: ReadonlyMap<string, ReadonlySet<number>>
}

export interface CompiledRules {
  readonly list: readonly CompiledRule[]
  /** Fields with a slot, by device type. */
  readonly layouts: ReadonlyMap<string, Layout>
}

export interface Overrides {
  readonly list: readonly Override[]
  /** The rule with these overrides (least specific first) applied; undefined = off there. */
  variant(indexes: readonly number[]): CompiledRule | undefined
}

/** A severity that applies while `when` is true, and until `clear` (default: `when` false). */
export interface Step {
  readonly when: Evaluate<boolean>
  readonly clear: Evaluate<boolean> | undefined
  readonly severity: Severity
}

/** The severity of the first of `steps` (most severe first) that applies; undefined = none. Unknown keeps the current one. */
export function currentSeverity(
  steps: readonly Step[],
  scope: Scope,
  current: Severity | undefined,
): Severity | undefined {
  for (const step of steps) {
    const when = step.when(scope)
    if (when === true) return step.severity
    if (step.severity !== current) continue
    const isOver = step.clear ? step.clear(scope) : when === undefined ? undefined : !when
    if (isOver !== true) return current
  }
  return undefined
}
