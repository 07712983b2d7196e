/** One socket to the live feed: applies pages and changes, acknowledges pages, asks again after a gap. */
import type { Change, FeedCursor } from '../../../../model/change.ts'
import { applyChange, applyPage, emptyFeedState, type FeedState } from '../../../../model/feed-state.ts'
import type {
  ClientToServer,
  FeedPage,
  FeedTick,
  LatestReading,
  ServerToClient,
} from '../../../../model/live-feed.ts'

/** The part of a socket.io client socket that the feed needs. */
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
  /** The state has changed; `changes` are those applied one by one (none for a snapshot). */
  onState(state: FeedState, changes: readonly Change[]): void
  onTick(tick: FeedTick): void
  onTelemetry(readings: readonly LatestReading[]): void
  /** Anything came from the server. */
  onHeard(): void
  /** The connection opened or closed, or is whole again after a gap. */
  onLink(link: { readonly connected: boolean; readonly synced: boolean }): void
  /** Everything missing has come; how much it was, and whether as a snapshot. */
  onCaughtUp(caughtUp: { count: number; snapshot: boolean }): void
  /** The server refused or cut the connection: the session may be over. */
  onCut(): void
}

export interface FeedConnection {
  start(): void
  stop(): void
  /** For the handshake: where this console stands. */
  cursor(): FeedCursor | null
  watch(devices: readonly string[]): void
  /** Drops a line that seems dead and opens a new one; the cursor stays. */
  reopen(): void
}

export interface FeedOptions {
  /** Makes the socket, not yet connected; the cursor goes into its handshake. */
  readonly connect: (cursor: () => FeedCursor | null) => FeedSocket
  /** Whether every change of the log comes here, so that standing behind its head is a loss (false: a crew's part). */
  readonly wholeLog: boolean
}

/** Ticks in a row, without any progress, that say the console is behind before it asks again. */
const BEHIND_TICKS = 3

export function createFeedConnection(options: FeedOptions, listener: FeedListener): FeedConnection {
  let state = emptyFeedState
  let connected = false
  let synced = false
  let behindTicks = 0
  let seqAtTick = -1
  let caughtUp = 0
  let watched: readonly string[] = []
  const cursor = (): FeedCursor | null => state.cursor
  const socket = options.connect(cursor)

  const setLink = (link: { connected: boolean; synced: boolean }): void => {
    connected = link.connected
    synced = link.synced
    listener.onLink(link)
  }

  /** Forgets a half-come answer; a new one is asked for or will come by itself. */
  const startOver = (): void => {
    caughtUp = 0
    behindTicks = 0
    state = { ...state, arriving: null }
  }

  const resume = (from: FeedCursor | null): void => {
    startOver()
    setLink({ connected, synced: false })
    socket.emit('resume', from)
  }

  const onPage = (page: FeedPage, applied: () => void): void => {
    listener.onHeard()
    const step = applyPage(state, page)
    if (step.kind === 'gap') {
      // A page that does not fit is not acknowledged: the answer to `resume` takes its place.
      resume(null)
      return
    }
    if (step.kind === 'applied') {
      state = step.state
      if (page.kind === 'changes') caughtUp += step.changes.length
      if (page.kind === 'changes' || page.last) listener.onState(state, step.changes)
    }
    applied()
    if (page.last) finishSync(page)
  }

  const finishSync = (page: FeedPage): void => {
    const snapshot = page.kind === 'snapshot'
    setLink({ connected, synced: true })
    listener.onCaughtUp({ count: snapshot ? state.alerts.size : caughtUp, snapshot })
    caughtUp = 0
  }

  const onChange = (change: Change): void => {
    listener.onHeard()
    // Until the answer to `resume` has come, what arrives does not fit and is part of that answer anyway.
    if (!synced) return
    const step = applyChange(state, change)
    if (step.kind === 'gap') resume(state.cursor)
    if (step.kind !== 'applied') return
    state = step.state
    listener.onState(state, step.changes)
  }

  const onTick = (tick: FeedTick): void => {
    listener.onHeard()
    listener.onTick(tick)
    if (!options.wholeLog || !synced || !state.cursor) return
    const stuck = tick.head > state.cursor.seq && state.cursor.seq === seqAtTick
    seqAtTick = state.cursor.seq
    behindTicks = stuck ? behindTicks + 1 : 0
    if (behindTicks >= BEHIND_TICKS) resume(state.cursor)
  }

  socket.on('connect', () => {
    startOver()
    setLink({ connected: true, synced: false })
    if (watched.length > 0) socket.emit('watch', watched)
  })
  socket.on('disconnect', (reason) => {
    setLink({ connected: false, synced: false })
    if (reason === 'io server disconnect') listener.onCut()
  })
  socket.on('connect_error', () => listener.onCut())
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
