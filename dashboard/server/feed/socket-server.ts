/** The socket.io server: WebSockets only, small events, every handshake checked, all connections closed on stop. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import type { FeedServer } from './console.ts'

export interface SocketServer {
  readonly io: FeedServer
  close(): void
}

/** The longest valid event is a `watch` of 500 device ids of 64 characters. */
const MAX_EVENT_BYTES = 36 * 1024
/** Between the WebSocket and socket.io's first packet. */
const CONNECT_TIMEOUT_MS = 5000

/** `admit` answers refused requests itself. */
export function openSocketServer(
  server: HttpServer,
  admit: (request: IncomingMessage) => Promise<boolean>,
): SocketServer {
  const connections = trackConnections(server)
  const io: FeedServer = new Server(server, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_EVENT_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Do not call back for a refused upgrade: engine.io would append its own 400 to our answer.
    allowRequest: (request, answer) => void admit(request).then((admitted) => admitted && answer(null, true)),
  })
  return {
    io,
    close() {
      // Not socket.io's `disconnect`: consoles must reconnect when the hub is back.
      io.engine.close()
      for (const connection of connections) connection.destroy()
    },
  }
}

/** Open WebSocket connections. A console that does not read would otherwise keep the port open after stop. */
function trackConnections(server: HttpServer): ReadonlySet<Duplex> {
  const connections = new Set<Duplex>()
  server.on('upgrade', (_request: IncomingMessage, connection: Duplex) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  return connections
}
