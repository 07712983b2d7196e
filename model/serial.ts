/** Runs work strictly one after the other, in the order of the calls; a failure does not stop what follows. */
export type Serial = <T>(work: () => Promise<T>) => Promise<T>

/** A queue of its own; the returned promise settles as `work` does. */
export function createSerial(): Serial {
  let tail: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
}
