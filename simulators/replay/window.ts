/** How many messages of a replay may be under way at once without changing the order in which the hub hears them. */

export interface Item {
  readonly device: string
  /** Recorded time, ms. */
  readonly receivedAt: number
}

export interface WindowOptions {
  /** Messages of different devices heard within so many ms of recorded time may overtake each other; 0 = none may. */
  readonly maxReorder: number
  readonly limit: number
}

export interface SendWindow<T extends Item> {
  /** Resolves once `item` may be sent, then sends it; rejects when one sent before has failed. */
  add(item: T): Promise<void>
  /** Resolves when nothing is under way; rejects when one has failed. */
  drain(): Promise<void>
}

/**
 * What one connection carries stays in order, so a run of one device may be under way as a whole. Before a message of
 * another device the hub must have answered all that was heard more than `together` before it.
 */
export function createWindow<T extends Item>(
  { maxReorder: together, limit }: WindowOptions,
  send: (item: T) => Promise<void>,
): SendWindow<T> {
  const inFlight: { readonly item: T; readonly done: Promise<unknown> }[] = []
  const canSend = (next: T): boolean =>
    inFlight.every(
      ({ item }) =>
        item.device === next.device || (together > 0 && next.receivedAt - item.receivedAt <= together),
    )
  async function awaitOldest(): Promise<void> {
    const fault = await inFlight[0]?.done
    inFlight.shift()
    if (fault !== undefined) throw fault
  }
  return {
    async add(item) {
      while (inFlight.length >= limit || !canSend(item)) await awaitOldest()
      // Settled at once, so that a failure waits for its turn and is never unhandled.
      const done = send(item).then(
        () => undefined,
        (fault: unknown) => fault ?? new Error('the message was not sent'),
      )
      inFlight.push({ item, done })
    },
    async drain() {
      while (inFlight.length > 0) await awaitOldest()
    },
  }
}
