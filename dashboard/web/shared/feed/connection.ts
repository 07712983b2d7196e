/** One connection to the live feed: applies pages and changes, acknowledges pages, resumes after a gap. */
import type { Change, FeedCursor } from '../../../../model/change.ts'
import { applyChange, applyPage, emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type {
  ClientToServer,
  FeedPage,
  FeedTick,
  LatestReading,
  ServerToClient,
} from '../../../../model/live-feed.ts'

/** The part of a socket.io client socket that the feed uses. */
export interface FeedSocket {
  on<E extends keyof ServerToClient>(event: E, listener: ServerToClient[E]): unknown
  on(event: 'connect', listener: () => void): unknown
  on(event: 'disconnect', listener: (reason: string) => void): unknown
  on(event: 'connect_error', listener: (error: Error) => void): unknown
  emit<E extends keyof ClientToServer>(event: E, ...args: Parameters<ClientToServer[E]>): unknown
  connect(): unknown
  disconnect(): unknown
}

export interface FeedListener {
  /** The state has changed; `changes` is empty for a snapshot. */
  onState(state: FeedState, changes: readonly Change[]): void
  onTick(tick: FeedTick): void
  onTelemetry(readings: readonly LatestReading[]): void
  /** A message of any kind arrived. */
  onMessage(): void
  /** The connection opened, closed, lost sync or is in sync again. */
  onStatus(status: { readonly connected: boolean; readonly synced: boolean }): void
  /** Catch-up is complete: number of changes, or of alerts in a snapshot. */
  onCaughtUp(caughtUp: { count: number; snapshot: boolean }): void
  /** The server refused or ended the connection: the session may have ended. */
  onRejected(): void
}

export interface FeedConnection {
  start(): void
  stop(): void
  /** Position of the state, sent in the handshake. */
  cursor(): FeedCursor | null
  watch(devices: readonly string[]): void
  /** Replaces a connection that seems dead; the cursor stays. */
  reopen(): void
}

export interface FeedOptions {
  /** Creates the socket without connecting it; the cursor goes into its handshake. */
  readonly connect: (cursor: () => FeedCursor | null) => FeedSocket
  /** True when this user receives every change, so a state behind the head has a gap (false for crews). */
  readonly wholeLog: boolean
}

/** Consecutive ticks behind the head without progress, after which the console resumes. */
const MAX_TICKS_BEHIND = 3

export function createFeedConnection(options: FeedOptions, listener: FeedListener): FeedConnection {
  let state = emptyFeedState
  let connected = false
  let synced = false
  let ticksBehind = 0
  let seqAtLastTick = -1
  let catchUpCount = 0
  let watched: readonly string[] = []
  const cursor = (): FeedCursor | null => state.cursor
  const socket = options.connect(cursor)

  const setStatus = (status: { connected: boolean; synced: boolean }): void => {
    connected = status.connected
    synced = status.synced
    listener.onStatus(status)
  }

  /** Discards an incomplete answer; a new one follows. */
  const discardPending = (): void => {
    catchUpCount = 0
    ticksBehind = 0
    state = { ...state, arriving: null }
  }

  const resume = (from: FeedCursor | null): void => {
    discardPending()
    setStatus({ connected, synced: false })
    socket.emit('resume', from)
  }

  const onPage = (page: FeedPage, applied: () => void): void => {
    listener.onMessage()
    const step = applyPage(state, page)
    if (step.kind === 'gap') {
      // A page with a gap is not acknowledged: the answer to `resume` replaces it.
      resume(null)
      return
    }
    if (step.kind === 'applied') {
      state = step.state
      if (page.kind === 'changes') catchUpCount += step.changes.length
      if (page.kind === 'changes' || page.last) listener.onState(state, step.changes)
    }
    applied()
    if (page.last) finishSync(page)
  }

  const finishSync = (page: FeedPage): void => {
    const snapshot = page.kind === 'snapshot'
    setStatus({ connected, synced: true })
    listener.onCaughtUp({ count: snapshot ? state.alerts.size : catchUpCount, snapshot })
    catchUpCount = 0
  }

  const onChange = (change: Change): void => {
    listener.onMessage()
    // The answer to `resume` will contain this change.
    if (!synced) return
    const step = applyChange(state, change)
    if (step.kind === 'gap') resume(state.cursor)
    if (step.kind !== 'applied') return
    state = step.state
    listener.onState(state, step.changes)
  }

  const onTick = (tick: FeedTick): void => {
    listener.onMessage()
    listener.onTick(tick)
    if (!options.wholeLog || !synced || !state.cursor) return
    const isBehind = tick.head > state.cursor.seq && state.cursor.seq === seqAtLastTick
    seqAtLastTick = state.cursor.seq
    ticksBehind = isBehind ? ticksBehind + 1 : 0
    if (ticksBehind >= MAX_TICKS_BEHIND) resume(state.cursor)
  }

  socket.on('connect', () => {
    discardPending()
    setStatus({ connected: true, synced: false })
    if (watched.length > 0) socket.emit('watch', watched)
  })
  socket.on('disconnect', (reason) => {
    setStatus({ connected: false, synced: false })
    if (reason === 'io server disconnect') listener.onRejected()
  })
  socket.on('connect_error', () => listener.onRejected())
  socket.on('page', onPage)
  socket.on('change', onChange)
  socket.on('tick', onTick)
  socket.on('telemetry', (readings) => listener.onTelemetry(readings))

  return {
    start: () => void socket.connect(),
    stop: () => void socket.disconnect(),
    cursor,
    reopen() {
      socket.disconnect()
      socket.connect()
    },
    watch(devices) {
      watched = devices
      if (connected) socket.emit('watch', devices)
    },
  }
}
