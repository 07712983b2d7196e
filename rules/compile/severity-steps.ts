/** Severity steps of a rule: which of them holds now, up and down, for whatever condition the rule has. */
import type { Severity } from '../../model/severity.ts'
import type { Evaluate, Scope } from '../expression/scope.ts'

/** A severity that holds while `when` is true; kept until `clear` (default: `when` false). */
export interface Step {
  readonly when: Evaluate<boolean>
  readonly clear: Evaluate<boolean> | undefined
  readonly severity: Severity
}

/** Of `steps` (most severe first) the first that holds; an unknown one keeps what was. Undefined = none. */
export function currentSeverity(
  steps: readonly Step[],
  scope: Scope,
  current: Severity | undefined,
): Severity | undefined {
  for (const step of steps) {
    const when = step.when(scope)
    if (when === true) return step.severity
    if (step.severity !== current) continue
    const over = step.clear ? step.clear(scope) : when === undefined ? undefined : !when
    if (over !== true) return current
  }
  return undefined
}
