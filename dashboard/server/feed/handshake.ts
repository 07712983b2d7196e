/** Who may open a live feed: checked before the WebSocket opens, because CORS does not protect WebSockets. */
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { FeedCursor } from '../../../model/change.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Identity, Sessions } from '../sessions.ts'
import { scopeOf } from './scope.ts'

export type HandshakeVerdict =
  | { readonly allowed: true; readonly identity: Identity }
  | {
      readonly allowed: false
      readonly status: 401 | 403 | 503
      readonly reason: 'no-origin' | 'foreign-origin' | 'not-signed-in' | 'wrong-role' | 'too-many-consoles'
    }

export interface HandshakeDeps {
  readonly sessions: Sessions
  readonly checkOrigin: (request: OriginRequest) => OriginVerdict
  readonly cookieName: string
  readonly hasRoom: () => boolean
}

export async function checkHandshake(
  request: IncomingMessage,
  deps: HandshakeDeps,
): Promise<HandshakeVerdict> {
  const { origin, host, cookie } = request.headers
  const verdict = deps.checkOrigin({ origin, host })
  if (!verdict.allowed) return { allowed: false, status: 403, reason: verdict.reason }
  const identity = await deps.sessions.identify(cookieValue(cookie, deps.cookieName))
  if (!identity) return { allowed: false, status: 401, reason: 'not-signed-in' }
  if (!scopeOf(identity.user)) return { allowed: false, status: 403, reason: 'wrong-role' }
  if (!deps.hasRoom()) return { allowed: false, status: 503, reason: 'too-many-consoles' }
  return { allowed: true, identity }
}

/** The value of one cookie; session ids need no decoding. */
function cookieValue(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

const statusTexts = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const

/** Answers the upgrade itself, because engine.io would answer 400 for every reason. */
export function refuseUpgrade(request: IncomingMessage, status: keyof typeof statusTexts): void {
  const head = `HTTP/1.1 ${status} ${statusTexts[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  const { socket } = request
  socket.end(head, () => socket.destroy())
}

const cursorSchema = z.object({ epoch: z.string().max(128), seq: z.int().min(0) }).nullable()
const authSchema = z.object({ cursor: cursorSchema })

/** Null for a malformed cursor: the console then gets a snapshot. */
export function readCursor(value: unknown): FeedCursor | null {
  return cursorSchema.safeParse(value).data ?? null
}

export function readCursorOfAuth(auth: unknown): FeedCursor | null {
  return authSchema.safeParse(auth).data?.cursor ?? null
}
