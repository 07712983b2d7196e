/** The socket.io socket to the feed: WebSocket only, the cursor in every handshake. */
import { io, type Socket } from 'socket.io-client'
import type { FeedCursor } from '../../../../model/change.ts'
import type { ClientToServer, FeedAuth, ServerToClient } from '../../../../model/live-feed.ts'
import type { FeedSocket } from './connection.ts'

export function openFeedSocket(cursor: () => FeedCursor | null): FeedSocket {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    autoConnect: false,
    transports: ['websocket'],
    // Fast at first, then with jitter, so that many consoles do not reconnect at once.
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
    timeout: 5_000,
    auth: (send: (auth: FeedAuth) => void) => send({ cursor: cursor() }),
  })
  return socket as FeedSocket
}
