/** Told, once, what became of something that was handed over: the callback form of a promise, for what happens at every message. */
export interface Receipt {
  /** It is on disk (or need not be): the sender may be told so. */
  stored(): void
  /** It is not, and the sender must not be told that it is. */
  failed(error: unknown): void
}
