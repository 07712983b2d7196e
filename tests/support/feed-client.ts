/** A console without a screen: applies pages and changes as the web apps do, resumes after a gap. */
import { io, type Socket } from 'socket.io-client'
import type { Change, FeedCursor } from '../../model/change.ts'
import {
  applyChange,
  applyPage,
  emptyFeedState,
  type FeedState,
  type FeedStep,
} from '../../model/feed-state.ts'
import type {
  ClientToServer,
  FeedPage,
  FeedTick,
  LatestReading,
  ServerToClient,
} from '../../model/live-feed.ts'

export interface FeedClientOptions {
  readonly url: string
  readonly cookie: string
  /** `Origin` of the page; absent = the hub's own. */
  readonly origin?: string
  /** Awaited before each acknowledgement; absent = at once. */
  readonly beforeAck?: () => Promise<void>
  /** Never acknowledges a page. */
  readonly neverAck?: boolean
  /** State of an earlier connection. */
  readonly state?: FeedState
}

export interface FeedClient {
  state(): FeedState
  /** Seqs of all changes applied, in order. */
  readonly applied: number[]
  readonly snapshots: number[]
  readonly gaps: FeedStep[]
  /** Messages that had been applied already. */
  readonly repeats: FeedStep[]
  readonly ticks: FeedTick[]
  readonly telemetry: LatestReading[][]
  readonly socket: Socket<ServerToClient, ClientToServer>
  /** Resolves when connected; rejects with the server's refusal. */
  connected(): Promise<void>
  /** Why the connection ended; undefined while it is open. */
  endReason(): string | undefined
  resume(cursor?: FeedCursor | null): void
  close(): void
}

export function createFeedClient(options: FeedClientOptions): FeedClient {
  let state = options.state ?? emptyFeedState
  let end: string | undefined
  const socket: Socket<ServerToClient, ClientToServer> = io(options.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { cursor: state.cursor },
    extraHeaders: { cookie: options.cookie, origin: options.origin ?? options.url },
  })
  const seen = { applied: [], snapshots: [], gaps: [], repeats: [], ticks: [], telemetry: [] } as Pick<
    FeedClient,
    'applied' | 'snapshots' | 'gaps' | 'repeats' | 'ticks' | 'telemetry'
  >
  const resume = (cursor: FeedCursor | null = state.cursor): void => {
    socket.emit('resume', cursor)
  }
  const handleStep = (step: FeedStep): void => {
    if (step.kind === 'applied') {
      state = step.state
      seen.applied.push(...step.changes.map((change) => change.seq))
    } else if (step.kind === 'repeated') {
      seen.repeats.push(step)
    } else {
      seen.gaps.push(step)
      resume()
    }
  }
  socket.on('page', (page: FeedPage, applied: () => void) => {
    if (page.kind === 'snapshot' && page.first) seen.snapshots.push(page.asOf)
    handleStep(applyPage(state, page))
    if (!options.neverAck) void (options.beforeAck?.() ?? Promise.resolve()).then(applied)
  })
  socket.on('change', (change: Change) => handleStep(applyChange(state, change)))
  socket.on('tick', (tick) => seen.ticks.push(tick))
  socket.on('telemetry', (readings) => seen.telemetry.push([...readings]))
  socket.on('disconnect', (reason) => {
    end = reason
  })
  socket.on('connect_error', (error) => {
    end = error.message
  })
  return {
    ...seen,
    state: () => state,
    socket,
    connected: () => whenConnected(socket),
    endReason: () => end,
    resume,
    close: () => void socket.close(),
  }
}

function whenConnected(socket: Socket<ServerToClient, ClientToServer>): Promise<void> {
  if (socket.connected) return Promise.resolve()
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
}
