/** What becomes of a message, told to who brought it. */

/** `stored` and `quarantined` are on disk; `duplicate` was there before. All three may be acknowledged. */
export type Accepted = 'stored' | 'duplicate' | 'quarantined'

/** As Receipt, with the word what `stored` means. */
export interface Verdict {
  stored(how: Accepted): void
  failed(error: unknown): void
}
