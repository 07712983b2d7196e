/** Runs pieces of work one after the other, in the order asked; so a write never falls into the middle of a roll-up. */

export type Serial = <T>(work: () => Promise<T>) => Promise<T>

export function createSerial(): Serial {
  let tail: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
}
