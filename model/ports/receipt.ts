/**
 * The outcome of an operation, reported once: the callback form of a promise, for the hot path where a promise for each
 * message is too expensive. `T` is the value reported on success.
 */
export interface Receipt<T = undefined> {
  /** Stored on disk (or nothing to store): the sender may be acknowledged. */
  stored(...outcome: [T] extends [undefined] ? [] : [outcome: T]): void
  /** Not stored: the sender must not be acknowledged. */
  failed(error: unknown): void
}
