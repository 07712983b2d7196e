/** What people made of a rule: every saved version stays, with who saved it and why. */

export interface RuleVersion {
  /** Rule id, e.g. `bin-full`. */
  readonly rule: string
  /** 1, 2, 3 … of this rule; 0 is the rule file that the hub was started with. */
  readonly version: number
  /** The whole rule file (YAML). */
  readonly text: string
  /** A rule that is switched off keeps its text and watches nobody. */
  readonly enabled: boolean
  /** Login of the person. */
  readonly author: string
  /** Why, in the person's words. */
  readonly reason: string
  /** Hub clock, ms. */
  readonly at: number
  /** Entries of the journal after this seq are judged by this version (until the next one); so a replay can do the same. */
  readonly afterSeq: number
}
