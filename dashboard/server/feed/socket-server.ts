/** The socket.io server: WebSockets only, small events, nobody in without the handshake's consent, a clean end. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import type { FeedServer } from './console.ts'

export interface SocketServer {
  readonly io: FeedServer
  close(): void
}

/** No event of a console is longer than a list of 500 device ids of 64 characters. */
const MAX_EVENT_BYTES = 36 * 1024
/** From the WebSocket to socket.io's own first packet. */
const CONNECT_TIMEOUT_MS = 5000

/** `admit` answers refused requests itself. */
export function openSocketServer(
  server: HttpServer,
  admit: (request: IncomingMessage) => Promise<boolean>,
): SocketServer {
  const lines = trackLines(server)
  const io: FeedServer = new Server(server, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_EVENT_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // engine.io is not called back about a refused upgrade, or it would add its own 400 to the answer.
    allowRequest: (request, answer) => void admit(request).then((admitted) => admitted && answer(null, true)),
  })
  return {
    io,
    close() {
      // Not socket.io's `disconnect`: after that a console stays away, and the hub may be back in a second.
      io.engine.close()
      for (const line of lines) line.destroy()
    },
  }
}

/** A frozen console would keep the port open long after the hub said goodbye. */
function trackLines(server: HttpServer): ReadonlySet<Duplex> {
  const lines = new Set<Duplex>()
  server.on('upgrade', (_request: IncomingMessage, line: Duplex) => {
    lines.add(line)
    line.once('close', () => lines.delete(line))
  })
  return lines
}
