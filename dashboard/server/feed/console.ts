/** One connected console: whose it is, what it may see, and how far it has been told. */
import type { Server, Socket } from 'socket.io'
import type { Change } from '../../../model/change.ts'
import type { ClientToServer, ServerToClient } from '../../../model/live-feed.ts'
import type { Identity } from '../sessions.ts'
import type { FeedScope } from './scope.ts'

type NoEvents = Record<never, never>
export interface SocketData {
  identity: Identity
}
export type FeedServer = Server<ClientToServer, ServerToClient, NoEvents, SocketData>
export type FeedSocket = Socket<ClientToServer, ServerToClient, NoEvents, SocketData>

export interface FeedConsole {
  readonly socket: FeedSocket
  readonly identity: Identity
  readonly scope: FeedScope
  /** True when it has everything and gets each new change as it comes; false while it catches up. */
  live: boolean
  /** Place in the log up to which it was told, or had no right to be told. */
  position: number
  /** Seq of the last change (or `asOf`) that went to it: the `prevSeq` of the next one. */
  lastSent: number
  /** Number of the catch-up under way; an older one that wakes up must stop. */
  run: number
}

/** Packets waiting for a console that does not read; above it the console is cut and comes back with its cursor. */
const MAX_WAITING_PACKETS = 1000

export function createConsole(socket: FeedSocket, identity: Identity, scope: FeedScope): FeedConsole {
  return { socket, identity, scope, live: false, position: 0, lastSent: 0, run: 0 }
}

/** The changes this console may see, chained one to the next; moves its chain on. */
export function chainFor(console: FeedConsole, changes: readonly Change[]): Change[] {
  const chained: Change[] = []
  for (const change of changes) {
    if (!console.scope.sees(change)) continue
    chained.push({ ...change, prevSeq: console.lastSent })
    console.lastSent = change.seq
  }
  return chained
}

export function isTooSlow(console: FeedConsole): boolean {
  return waitingPackets(console) > MAX_WAITING_PACKETS
}

/** True when nothing waits to be sent, so that a conflated message does not queue behind others. */
export function isIdle(console: FeedConsole): boolean {
  return waitingPackets(console) === 0
}

/** Packets not handed to the line yet. engine.io documents `writeBuffer` for this purpose, its types hide it. */
export function waitingPackets({ socket }: FeedConsole): number {
  return (socket.conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length
}

/** Cuts the line, so that what waits is freed and the console comes back with its cursor. */
export function cut({ socket }: FeedConsole): void {
  socket.conn.request.socket.destroy()
}

/** Sends it away for good: signed out. The console must not come back by itself. */
export function dismiss({ socket }: FeedConsole): void {
  socket.disconnect(true)
}
