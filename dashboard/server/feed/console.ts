/** One connected console: its identity, scope and position in the change log. */
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
  /** True when caught up: each new change is sent at once. */
  live: boolean
  /** Seq up to which every change was sent to it or is outside its scope. */
  position: number
  /** Seq of the last change (or `asOf`) sent to it: the `prevSeq` of the next one. */
  lastSent: number
  /** Number of the current catch-up; an older one must stop when it continues. */
  catchUpRun: number
}

/** Queued packets above which a console that does not read is dropped; it reconnects with its cursor. */
const MAX_QUEUED_PACKETS = 1000

export function createConsole(socket: FeedSocket, identity: Identity, scope: FeedScope): FeedConsole {
  return { socket, identity, scope, live: false, position: 0, lastSent: 0, catchUpRun: 0 }
}

/** The changes in this console's scope with `prevSeq` chained to what was sent before; advances `lastSent`. */
export function chainFor(console: FeedConsole, changes: readonly Change[]): Change[] {
  const chained: Change[] = []
  for (const change of changes) {
    if (!console.scope.includes(change)) continue
    chained.push({ ...change, prevSeq: console.lastSent })
    console.lastSent = change.seq
  }
  return chained
}

export function isBacklogged(console: FeedConsole): boolean {
  return queuedPackets(console) > MAX_QUEUED_PACKETS
}

/** True when nothing is queued, so a conflated message goes out at once. */
export function isIdle(console: FeedConsole): boolean {
  return queuedPackets(console) === 0
}

/** Packets not handed to the transport yet. engine.io documents `writeBuffer` for this, but its types hide it. */
export function queuedPackets({ socket }: FeedConsole): number {
  return (socket.conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length
}

/** Destroys the TCP connection: frees the queue, and the console reconnects with its cursor. */
export function dropConnection({ socket }: FeedConsole): void {
  socket.conn.request.socket.destroy()
}

/** Ends the connection of a signed-out console; it does not reconnect by itself. */
export function disconnectForGood({ socket }: FeedConsole): void {
  socket.disconnect(true)
}
