/** A signal turns readings into a debounced boolean that a rule's expressions use by name. Pure, like conditions. */
import type { z } from 'zod'
import type { Evaluate, Scope } from '../expression/scope.ts'

export interface Signal<S = unknown> {
  /** Returns the same state when nothing changes. */
  step(state: S | undefined, ts: number, scope: Scope): S | undefined
  value(state: S | undefined, ts: number, scope: Scope): boolean | undefined
}

export interface SignalContext {
  expression(text: string, ...path: readonly (string | number)[]): Evaluate<boolean>
  /** Index of a number field in `slots` by device type; adds a problem when a type lacks it. */
  numberField(field: string, ...path: readonly (string | number)[]): ReadonlyMap<string, number>
}

export interface SignalKind {
  readonly name: string
  readonly schema: z.ZodType
  build(options: unknown, context: SignalContext): Signal
}

/** Ties options to their schema and hides the state's type, which only the signal itself knows. */
export function defineSignal<O extends z.ZodType, S>(kind: {
  readonly name: string
  readonly schema: O
  build(options: z.output<O>, context: SignalContext): Signal<S>
}): SignalKind {
  return kind as unknown as SignalKind
}
