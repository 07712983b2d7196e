/** A saved version of a rule; versions are never deleted. */

export interface RuleVersion {
  /** Rule id, e.g. `bin-full`. */
  readonly rule: string
  /** 1, 2, 3 … of this rule; 0 is the rule file that the hub was started with. */
  readonly version: number
  /** The whole rule file (YAML). */
  readonly text: string
  /** False = switched off: keeps its text but is not evaluated. */
  readonly enabled: boolean
  /** Login of the person. */
  readonly author: string
  /** Why, in the person's words. */
  readonly reason: string
  /** Hub clock, ms. */
  readonly at: number
  /** Journal entries after this seq are evaluated by this version, until the next one; a replay does the same. */
  readonly afterSeq: number
}
