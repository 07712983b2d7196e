/**
 * The outcome of something handed over, reported once: the callback form of a promise, for the hot path where a promise
 * a message is too expensive. `T` is what is reported on success; a `Receipt<void>` serves wherever `T` does not matter.
 */
export interface Receipt<T = void> {
  /** It is on disk (or need not be): the sender may be acknowledged. */
  stored(...outcome: [T] extends [void] ? [] : [outcome: T]): void
  /** It is not on disk, and the sender must not be acknowledged. */
  failed(error: unknown): void
}
