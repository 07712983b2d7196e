/** Aedes' memory store reduced to what a device needs: a bounded number of its own commands, nothing retained. */
import MemoryStore from 'aedes-persistence/asyncPersistence.js'
import { isCommandTopic } from '../model/topics.ts'

type Client = Parameters<MemoryStore['addSubscriptions']>[0]
type Subscriptions = Parameters<MemoryStore['addSubscriptions']>[1]
type Packet = Parameters<MemoryStore['storeRetained']>[0]
type Found = Awaited<ReturnType<MemoryStore['subscriptionsByTopic']>>

/** Commands queued for a device with a persistent session that does not confirm them. */
export const MAX_WAITING_COMMANDS = 100

export interface DeviceStoreOptions {
  /** The only topic a client may have subscribed to. */
  readonly commandTopic: (clientId: string) => string | undefined
}

const nobody: Found = []

export class DeviceStore extends MemoryStore {
  readonly #options: DeviceStoreOptions
  readonly #waiting = new Map<string, number>()

  constructor(options: DeviceStoreOptions) {
    super()
    this.#options = options
  }

  /** The journal keeps the newest status and meta; no device may read those of another. */
  override async storeRetained(_packet: Packet): Promise<void> {}

  /** Aedes passes every subscription of a packet, refused ones included; `#` would collect all messages. */
  override async addSubscriptions(client: Client, subscriptions: Subscriptions): Promise<void> {
    const own = this.#options.commandTopic(client.id)
    await super.addSubscriptions(
      client,
      subscriptions.filter(({ topic }) => topic === own),
    )
  }

  override async subscriptionsByTopic(topic: string): Promise<Found> {
    return isCommandTopic(topic) ? super.subscriptionsByTopic(topic) : nobody
  }

  override async outgoingEnqueueCombi(subscriptions: Found, packet: Packet): Promise<void> {
    if (subscriptions.length === 0) return
    const room = subscriptions.filter(({ clientId }) => this.#count(clientId, 1) <= MAX_WAITING_COMMANDS)
    await super.outgoingEnqueueCombi(room, packet)
  }

  override async outgoingClearMessageId(client: Client, packet: Packet): Promise<Packet | undefined> {
    const cleared = await super.outgoingClearMessageId(client, packet)
    if (cleared) this.#count(client.id, -1)
    return cleared
  }

  #count(client: string, by: number): number {
    const count = Math.min(MAX_WAITING_COMMANDS + 1, Math.max(0, (this.#waiting.get(client) ?? 0) + by))
    this.#waiting.set(client, Math.min(count, MAX_WAITING_COMMANDS))
    return count
  }
}
