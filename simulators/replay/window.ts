/** Limits the messages in flight of a replay so that the hub receives them in the recorded order. */

export interface Item {
  readonly device: string
  /** Recorded time, ms. */
  readonly receivedAt: number
}

export interface WindowOptions {
  /** Messages of different devices within this recorded time (ms) may overtake each other; 0 = never. */
  readonly maxReorder: number
  readonly limit: number
}

export interface SendWindow<T extends Item> {
  /** Waits until `item` may be sent, then sends it; rejects when an earlier one has failed. */
  add(item: T): Promise<void>
  /** Resolves when nothing is in flight; rejects when one has failed. */
  drain(): Promise<void>
}

/**
 * One connection keeps its order, so consecutive messages of one device may be in flight together. Before a message of
 * another device, the hub must have acknowledged everything recorded more than `maxReorder` before it.
 */
export function createWindow<T extends Item>(
  { maxReorder, limit }: WindowOptions,
  send: (item: T) => Promise<void>,
): SendWindow<T> {
  const inFlight: { readonly item: T; readonly done: Promise<unknown> }[] = []
  const canSend = (next: T): boolean =>
    inFlight.every(
      ({ item }) =>
        item.device === next.device || (maxReorder > 0 && next.receivedAt - item.receivedAt <= maxReorder),
    )
  async function awaitOldest(): Promise<void> {
    const error = await inFlight[0]?.done
    inFlight.shift()
    if (error !== undefined) throw error
  }
  return {
    async add(item) {
      while (inFlight.length >= limit || !canSend(item)) await awaitOldest()
      // Handled at once, so that a failure is reported in order and never unhandled.
      const done = send(item).then(
        () => undefined,
        (error: unknown) => error ?? new Error('the message was not sent'),
      )
      inFlight.push({ item, done })
    },
    async drain() {
      while (inFlight.length > 0) await awaitOldest()
    },
  }
}
