/**
 * The outcome of something handed over, reported once: the callback form of a promise, for the hot path where a promise
 * a message is too expensive. `T` is what is reported on success; a bare `Receipt` serves wherever `T` does not matter.
 */
export interface Receipt<T = undefined> {
  /** It is on disk (or need not be): the sender may be acknowledged. */
  stored(...outcome: [T] extends [undefined] ? [] : [outcome: T]): void
  /** It is not on disk, and the sender must not be acknowledged. */
  failed(error: unknown): void
}
