/** Events that a console may send: `resume` and `watch`, validated and rate-limited; everything else is dropped and counted. */
import { z } from 'zod'
import type { FeedCursor } from '../../../model/change.ts'
import type { Clock } from '../../../model/clock.ts'
import type { FeedConsole } from './console.ts'
import { readCursor } from './handshake.ts'

export interface ClientEventHandlers {
  readonly clock: Clock
  readonly onResume: (cursor: FeedCursor | null) => void
  readonly onWatch: (devices: readonly string[]) => void
  /** The event is unknown or malformed, or the session has expired. */
  readonly onDropped: (reason: 'unknown' | 'malformed' | 'signed-out') => void
  /** The console exceeded the rate limit. */
  readonly onFlood: () => void
}

/** Token bucket. A person clicking through devices sends a few events a second. */
const perSecond = 10
const burst = 50

const watchSchema = z.array(z.string().min(1).max(64)).max(500)
const knownEvents: ReadonlySet<string> = new Set(['resume', 'watch'])

export function handleClientEvents(console: FeedConsole, handlers: ClientEventHandlers): void {
  const { socket, identity } = console
  const allow = createTokenBucket(handlers.clock)
  socket.use(([event], next) => {
    if (!allow()) return handlers.onFlood()
    if (identity.session.expiresAt <= handlers.clock.now()) return handlers.onDropped('signed-out')
    if (!knownEvents.has(event)) return handlers.onDropped('unknown')
    next()
  })
  socket.on('resume', (cursor: unknown) => handlers.onResume(readCursor(cursor)))
  socket.on('watch', (devices: unknown) => {
    const parsed = watchSchema.safeParse(devices)
    if (parsed.success) handlers.onWatch(parsed.data)
    else handlers.onDropped('malformed')
  })
}

function createTokenBucket(clock: Clock): () => boolean {
  let tokens = burst
  let filledAt = clock.now()
  return () => {
    const now = clock.now()
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) / 1000) * perSecond)
    filledAt = now
    if (tokens < 1) return false
    tokens--
    return true
  }
}
