/** The real socket to the feed: WebSocket only, cookie session, the cursor in every handshake. */
import { io, type Socket } from 'socket.io-client'
import type { FeedCursor } from '../../../../model/change.ts'
import type { ClientToServer, FeedAuth, ServerToClient } from '../../../../model/live-feed.ts'
import type { FeedSocket } from './connection.ts'

export function openFeedSocket(cursor: () => FeedCursor | null): FeedSocket {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    autoConnect: false,
    transports: ['websocket'],
    // Quick at first, then with jitter, so that a room full of consoles does not return in one moment.
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
    timeout: 5_000,
    auth: (give: (auth: FeedAuth) => void) => give({ cursor: cursor() }),
  })
  return socket as FeedSocket
}
