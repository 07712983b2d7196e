/** The part of Aedes' memory store that is narrowed here; the package types its callback form only. */
declare module 'aedes-persistence/asyncPersistence.js' {
  interface Stored {
    readonly topic: string
  }
  interface Listener {
    readonly clientId: string
    readonly topic: string
  }
  interface Owner {
    readonly id: string
  }
  // biome-ignore lint/style/noDefaultExport: the package has it so
  export default class MemoryStore {
    setup(broker: unknown): Promise<void>
    storeRetained(packet: Stored): Promise<void>
    addSubscriptions(
      client: Owner,
      subscriptions: readonly (Stored & { readonly qos: number })[],
    ): Promise<void>
    subscriptionsByTopic(topic: string): Promise<readonly Listener[]>
    outgoingEnqueueCombi(listeners: readonly Listener[], packet: Stored): Promise<void>
    outgoingUpdate(client: Owner, packet: Stored): Promise<void>
    outgoingStream(client: Owner): import('node:stream').Readable
    outgoingClearMessageId(client: Owner, packet: Stored): Promise<Stored | undefined>
  }
}
