/** One connection to the live feed: joins the socket, the sync of the state, and the telemetry subscription. */
import type { FeedCursor } from '../../../../model/change.ts'
import type { ClientToServer, FeedTick, LatestReading, ServerToClient } from '../../../../model/live-feed.ts'
import { createFeedSync, type FeedSync, type SyncListener, type SyncOptions } from './sync.ts'

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

/** `synced`: all pages after the last connect or resume have been applied. */
export interface ConnectionStatus {
  readonly connected: boolean
  readonly synced: boolean
}

export interface FeedListener extends Omit<SyncListener, 'onGap'> {
  onTick(tick: FeedTick): void
  onTelemetry(readings: readonly LatestReading[]): void
  /** A message of any kind arrived. */
  onMessage(): void
  onStatus(status: ConnectionStatus): void
  /** The server refused or ended the connection: the session may have ended. */
  onRejected(): void
}

export interface FeedConnection {
  start(): void
  stop(): void
  /** Position of the state, sent in the handshake. */
  cursor(): FeedCursor | null
  /** Subscribes to telemetry of these devices; repeated after each reconnect. */
  watch(devices: readonly string[]): void
  /** Replaces a connection that seems dead; the cursor stays. */
  reopen(): void
}

export interface FeedOptions extends SyncOptions {
  /** Creates the socket without connecting it; the cursor goes into its handshake. */
  readonly connect: (cursor: () => FeedCursor | null) => FeedSocket
}

export function createFeedConnection(options: FeedOptions, listener: FeedListener): FeedConnection {
  let connected = false
  let watched: readonly string[] = []
  const socket = options.connect(() => sync.cursor())
  const sync = createFeedSync(options, {
    onState: listener.onState,
    onGap(from) {
      listener.onStatus({ connected, synced: false })
      socket.emit('resume', from)
    },
    onCaughtUp(caughtUp) {
      listener.onStatus({ connected, synced: true })
      listener.onCaughtUp(caughtUp)
    },
  })

  socket.on('connect', () => {
    connected = true
    sync.restart()
    listener.onStatus({ connected, synced: false })
    if (watched.length > 0) socket.emit('watch', watched)
  })
  socket.on('disconnect', (reason) => {
    connected = false
    listener.onStatus({ connected, synced: false })
    if (reason === 'io server disconnect') listener.onRejected()
  })
  socket.on('connect_error', () => listener.onRejected())
  listenToMessages(socket, sync, listener)

  return {
    start: () => void socket.connect(),
    stop: () => void socket.disconnect(),
    cursor: sync.cursor,
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

function listenToMessages(socket: FeedSocket, sync: FeedSync, listener: FeedListener): void {
  socket.on('page', (page, acknowledge) => {
    listener.onMessage()
    sync.applyPage(page, acknowledge)
  })
  socket.on('change', (change) => {
    listener.onMessage()
    sync.applyChange(change)
  })
  socket.on('tick', (tick) => {
    listener.onMessage()
    listener.onTick(tick)
    sync.checkHead(tick)
  })
  socket.on('telemetry', (readings) => listener.onTelemetry(readings))
}
