/** A hub with feed clients, for tests of the live feed. */
import type { Socket as TcpSocket } from 'node:net'
import type { FeedState } from '../../model/feed-state.ts'
import type { Records } from '../../model/ports/records.ts'
import type { FeedClient, FeedClientOptions } from './feed-client.ts'
import { startHub, type TestHub } from './hub.ts'
import { until } from './until.ts'

export interface FeedHarness {
  readonly hub: TestHub
  /** Cookie of the duty officer. */
  readonly duty: string
  /** Connects a client, by default as the duty officer; closed with the harness. */
  connect(cookie?: string, options?: Partial<FeedClientOptions>): FeedClient
  /** Resolves when the client has reached the head of the log. */
  synced(client: FeedClient): Promise<void>
  /** Raises alerts `e<from>` … `e<to - 1>`. */
  raise(from: number, to: number): Promise<void>
  close(): Promise<void>
}

export async function startFeedHarness(): Promise<FeedHarness> {
  const hub = await startHub()
  const duty = await hub.cookieOf('duty-officer')
  const clients: FeedClient[] = []
  return {
    hub,
    duty,
    connect(cookie = duty, options = {}) {
      const client = hub.feed(cookie, options)
      clients.push(client)
      return client
    },
    async synced(client) {
      const { seq } = await hub.records.changes.head()
      await until(`the console to reach ${seq}`, () => client.state().cursor?.seq === seq)
    },
    raise: (from, to) =>
      hub.find(...Array.from({ length: to - from }, (_, n) => ({ episode: `e${from + n}` }))),
    async close() {
      for (const client of clients) client.close()
      await hub.stop()
    },
  }
}

const byId = <T extends { readonly id: string }>(values: Iterable<T>): T[] =>
  [...values].sort((a, b) => (a.id < b.id ? -1 : 1))

/** The entities of a client, comparable with `recordContents`. */
export const stateContents = ({ alerts, cases, workOrders }: FeedState) => ({
  alerts: byId(alerts.values()),
  cases: byId(cases.values()),
  workOrders: byId(workOrders.values()),
})

/** The open entities in the records. */
export async function recordContents(records: Records) {
  return {
    alerts: byId(await records.alerts.open()),
    cases: byId(await records.cases.open()),
    workOrders: byId(await records.workOrders.open()),
  }
}

/** The TCP socket of a client, to pause or break the connection. */
export function tcpOf(client: FeedClient): TcpSocket {
  const engine = client.socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } }
  return engine.transport.ws._socket
}
