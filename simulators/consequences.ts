/** What a fault honestly brings with it besides the alert of its own rule: no false alert, and none that is asked for. */

export interface Consequence {
  /** The rule whose fault was planned, and the rules that may speak as well. */
  readonly of: string
  readonly may: readonly string[]
  readonly because: string
}

/** No line without its reason. */
export const consequences: readonly Consequence[] = [
  { of: 'L4', may: ['L2', 'D1', 'D9'], because: 'the lamps of a dead feeder are dark, then silent' },
]

/** The rules that may speak while a fault of `ref` is on. */
export function consequencesOf(ref: string): ReadonlySet<string> {
  return new Set(consequences.flatMap(({ of, may }) => (of === ref ? may : [])))
}
