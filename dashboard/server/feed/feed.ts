/** The live feed (DESIGN 4.4): one reader of the change log; every console receives each change once, in order. */
import type { Server as HttpServer } from 'node:http'
import type { Change } from '../../../model/change.ts'
import type { Cancel, Clock } from '../../../model/clock.ts'
import { followLog, type LogFollower } from '../../../model/follow-log.ts'
import type { FeedTick } from '../../../model/live-feed.ts'
import type { DashboardDeps } from '../deps.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Sessions } from '../sessions.ts'
import { type Admission, createAdmission, findRevoked } from './admission.ts'
import { sendChange, sendTicks } from './broadcast.ts'
import { type CatchUpService, createCatchUpService } from './catch-up.ts'
import { handleClientEvents } from './client-events.ts'
import { createConsole, disconnectForGood, type FeedConsole, type FeedSocket } from './console.ts'
import { readCursorOfAuth } from './handshake.ts'
import { type FeedMetrics, feedMetrics } from './metrics.ts'
import { scopeOf } from './scope.ts'
import { openSocketServer, type SocketServer } from './socket-server.ts'
import { createTelemetry, type Telemetry } from './telemetry.ts'

export interface FeedOptions {
  readonly maxConsoles: number
  /** A console that does not acknowledge a page within this time is dropped. */
  readonly ackTimeoutMs: number
}

type HubDeps = Pick<
  DashboardDeps,
  'records' | 'registry' | 'directory' | 'status' | 'clock' | 'logger' | 'metrics'
>
export interface FeedDeps extends HubDeps {
  readonly sessions: Sessions
  readonly checkOrigin: (request: OriginRequest) => OriginVerdict
  readonly cookieName: string
  readonly wallClock: Clock
}

export interface Feed {
  start(server: HttpServer): Promise<void>
  stop(): Promise<void>
  /** Reads new entries of the change log and sends them to the consoles. */
  publishChanges(): void
  /** Disconnects the consoles of one session, or of one user. */
  disconnectSignedOut(whose: SignedOut): void
}

type SignedOut = { readonly idHash: string } | { readonly login: string }

const TICK_MS = 2000
const TELEMETRY_MS = 500
const RECHECK_MS = 60_000

export function createFeed(options: FeedOptions, deps: FeedDeps): Feed {
  const consoles = new Set<FeedConsole>()
  const metrics = feedMetrics(deps.metrics, () => consoles.size)
  const telemetry = createTelemetry(deps.registry)
  const cancels: Cancel[] = []
  let sockets: SocketServer | undefined
  let changeLog: LogFollower | undefined

  const catchUps = createCatchUpService({
    ...deps,
    metrics,
    readerPosition: () => changeLog?.cursor() ?? 0,
    ackTimeoutMs: options.ackTimeoutMs,
  })
  const admission = createAdmission({ ...deps, metrics, hasRoom: () => consoles.size < options.maxConsoles })
  const connections = { consoles, metrics, telemetry, catchUps, admission, wallClock: deps.wallClock }

  const emitChanges = (changes: readonly Change[]): void => {
    if (!sockets) return
    for (const change of changes) sendChange(sockets.io, consoles, change)
    catchUps.dropBacklogged(consoles)
  }
  const tick = (): void => {
    // Also finds changes that were not signalled, e.g. commits of another process.
    changeLog?.notify()
    const logHead = changeLog?.cursor() ?? 0
    if (sockets) sendTicks(sockets.io, consoles, { logHead, tick: tickOf(deps) })
    catchUps.dropBacklogged(consoles)
  }

  return {
    async start(server) {
      // Live consoles do not need changes from before the start.
      const { seq } = await deps.records.changes.head()
      changeLog = followChanges(deps, seq, emitChanges)
      sockets = openSocketServer(server, admission.admit)
      sockets.io.on('connection', (socket) => connectConsole(socket, connections))
      cancels.push(
        deps.clock.every(TICK_MS, tick),
        deps.clock.every(TELEMETRY_MS, telemetry.flush),
        deps.wallClock.every(RECHECK_MS, () => void disconnectRevoked(consoles, deps)),
        deps.registry.onChange(telemetry.markChanged),
      )
    },
    async stop() {
      for (const cancel of cancels.splice(0)) cancel()
      await changeLog?.stop()
      sockets?.close()
      sockets = undefined
    },
    publishChanges: () => changeLog?.notify(),
    disconnectSignedOut: (whose) => disconnectSignedOut(consoles, whose),
  }
}

interface ConnectionDeps {
  readonly consoles: Set<FeedConsole>
  readonly metrics: FeedMetrics
  readonly telemetry: Telemetry
  readonly catchUps: CatchUpService
  readonly admission: Admission
  readonly wallClock: Clock
}

/** Registers an admitted socket as a console, handles its events and starts its first catch-up. */
function connectConsole(socket: FeedSocket, deps: ConnectionDeps): void {
  const { consoles, metrics, telemetry, catchUps } = deps
  const identity = deps.admission.identityOf(socket.request)
  const scope = identity && scopeOf(identity.user)
  if (!identity || !scope) {
    socket.disconnect(true)
    return
  }
  const console = createConsole(socket, identity, scope)
  consoles.add(console)
  socket.on('disconnect', () => {
    console.catchUpRun++
    consoles.delete(console)
    telemetry.unwatch(console)
  })
  handleClientEvents(console, {
    clock: deps.wallClock,
    onResume: (cursor) => void catchUps.catchUp(console, cursor),
    onWatch: (devices) => telemetry.watch(console, devices),
    onDropped: (reason) => metrics.dropped.add({ reason }),
    onFlood: () => catchUps.drop(console, 'flood'),
  })
  void catchUps.catchUp(console, readCursorOfAuth(socket.handshake.auth))
}

async function disconnectRevoked(consoles: Iterable<FeedConsole>, deps: FeedDeps): Promise<void> {
  try {
    for (const console of await findRevoked(consoles, deps.sessions)) disconnectForGood(console)
  } catch (err) {
    deps.logger.error({ err }, 'sessions of live feeds could not be checked')
  }
}

function disconnectSignedOut(consoles: Iterable<FeedConsole>, whose: SignedOut): void {
  for (const console of consoles) {
    const { session } = console.identity
    const hasEnded = 'idHash' in whose ? session.idHash === whose.idHash : session.login === whose.login
    if (hasEnded) disconnectForGood(console)
  }
}

const CHANGES_BATCH = 500

/** `emit` is called synchronously with the cursor's move, so no console can catch up between the two. */
function followChanges(
  { records, logger }: Pick<HubDeps, 'records' | 'logger'>,
  from: number,
  emit: (changes: readonly Change[]) => void,
): LogFollower {
  return followLog<readonly Change[]>({
    from,
    async read(after) {
      const changes = await records.changes.after(after, CHANGES_BATCH)
      return changes.length > 0 ? changes : undefined
    },
    endOf: (changes) => changes.at(-1)?.seq ?? from,
    apply: emit,
    onError(err) {
      // The next notification, at the latest the next tick, retries from the same position.
      logger.error({ err }, 'the change log could not be read')
      return undefined
    },
  })
}

function tickOf(deps: HubDeps): Omit<FeedTick, 'head'> {
  const { rulesBehind, historyBehind } = deps.status()
  return {
    now: deps.clock.now(),
    rulesBehind,
    historyBehind,
    devicesOnline: deps.registry.onlineCount(),
    devicesTotal: deps.directory().devices().length,
  }
}
