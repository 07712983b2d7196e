/** The live feed (DESIGN 4.4): one reader of the change log, every console told each change once, in order. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server } from 'socket.io'
import type { Change, FeedCursor } from '../../../model/change.ts'
import type { Cancel, Clock } from '../../../model/clock.ts'
import type { FeedTick } from '../../../model/live-feed.ts'
import type { DashboardDeps } from '../deps.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Identity, Sessions } from '../sessions.ts'
import { catchUp } from './catch-up.ts'
import { listenToConsole } from './client-events.ts'
import {
  createConsole,
  cut,
  dismiss,
  type FeedConsole,
  type FeedServer,
  type FeedSocket,
  isTooSlow,
} from './console.ts'
import { cursorOfAuth, judgeHandshake, refuseUpgrade } from './handshake.ts'
import { createLogReader } from './log-reader.ts'
import { feedMetrics } from './metrics.ts'
import { scopeOf } from './scope.ts'
import { createTelemetry } from './telemetry.ts'

export interface FeedOptions {
  readonly maxConsoles: number
  /** Entities or changes in one page. */
  readonly pageSize: number
  /** A console that does not acknowledge a page for so long is cut. */
  readonly ackTimeoutMs: number
}

export const feedDefaults = { pageSize: 100, ackTimeoutMs: 20_000 } as const

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
  wake(): void
  /** Sends away the consoles of one sign-in, or of one person. */
  signedOut(whose: { readonly idHash: string } | { readonly login: string }): void
}

const TICK_MS = 2000
const TELEMETRY_MS = 500
const RECHECK_MS = 60_000
/** No event of a console is longer than a list of 500 device ids of 64 characters. */
const MAX_EVENT_BYTES = 36 * 1024

export function createFeed(options: FeedOptions, deps: FeedDeps): Feed {
  const consoles = new Set<FeedConsole>()
  const admitted = new WeakMap<IncomingMessage, Identity>()
  const metrics = feedMetrics(deps.metrics, () => consoles.size)
  const telemetry = createTelemetry(deps.registry)
  const cancels: Cancel[] = []
  let io: FeedServer | undefined

  const cutFor = (console: FeedConsole, reason: 'slow' | 'no-ack' | 'flood' | 'failed'): void => {
    metrics.cuts.add({ reason })
    deps.logger.info({ reason, login: console.identity.user.login }, 'live feed cut; its console will resume')
    cut(console)
  }
  const handOn = (changes: readonly Change[]): void => {
    if (!io) return
    for (const change of changes) sendChange(io, consoles, change)
    for (const console of consoles) if (isTooSlow(console)) cutFor(console, 'slow')
  }
  const reader = createLogReader({ records: deps.records, logger: deps.logger, onChanges: handOn })

  const bringLevel = async (console: FeedConsole, cursor: FeedCursor | null): Promise<void> => {
    try {
      const outcome = await catchUp(console, cursor, {
        ...options,
        records: deps.records,
        readerPosition: reader.position,
        onPlan: (plan) => metrics.catchUps.add({ kind: plan.kind === 'changes' ? 'changes' : plan.reason }),
      })
      if (outcome === 'not-acknowledged') cutFor(console, 'no-ack')
    } catch (err) {
      deps.logger.error({ err }, 'a console could not be brought level')
      cutFor(console, 'failed')
    }
  }

  const admit = async (request: IncomingMessage): Promise<boolean> => {
    const hasRoom = (): boolean => consoles.size < options.maxConsoles
    const verdict = await judgeHandshake(request, { ...deps, hasRoom })
    if (verdict.allowed) admitted.set(request, verdict.identity)
    else {
      metrics.refused.add({ reason: verdict.reason })
      deps.logger.warn({ reason: verdict.reason }, 'live feed refused')
      refuseUpgrade(request, verdict.status)
    }
    return verdict.allowed
  }

  const connect = (socket: FeedSocket): void => {
    const identity = admitted.get(socket.request)
    const scope = identity && scopeOf(identity.user)
    if (!identity || !scope) return void socket.disconnect(true)
    const console = createConsole(socket, identity, scope)
    consoles.add(console)
    socket.on('disconnect', () => {
      console.run++
      consoles.delete(console)
      telemetry.forget(console)
    })
    listenToConsole(console, {
      clock: deps.wallClock,
      onResume: (cursor) => void bringLevel(console, cursor),
      onWatch: (devices) => telemetry.watch(console, devices),
      onDropped: (reason) => metrics.dropped.add({ reason }),
      onFlood: () => cutFor(console, 'flood'),
    })
    void bringLevel(console, cursorOfAuth(socket.handshake.auth))
  }

  const tick = (): void => {
    reader.wake()
    if (io) sendTicks(io, consoles, { head: reader.position(), base: tickBase(deps) })
    for (const console of consoles) if (isTooSlow(console)) cutFor(console, 'slow')
  }

  const recheck = async (console: FeedConsole): Promise<void> => {
    const { identity } = console
    const now = await deps.sessions.recheck(identity.session.idHash)
    if (!now || !sameRights(now, identity)) dismiss(console)
  }
  const recheckAll = async (): Promise<void> => {
    try {
      await Promise.all([...consoles].map(recheck))
    } catch (err) {
      deps.logger.error({ err }, 'sign-ins of live feeds could not be checked')
    }
  }

  return {
    async start(server) {
      await reader.start()
      io = createSocketServer(server, admit)
      io.on('connection', connect)
      cancels.push(
        deps.clock.every(TICK_MS, tick),
        deps.clock.every(TELEMETRY_MS, telemetry.flush),
        deps.clock.every(RECHECK_MS, () => void recheckAll()),
        deps.registry.onChange(telemetry.changed),
      )
    },
    async stop() {
      for (const cancel of cancels.splice(0)) cancel()
      await reader.stop()
      io?.disconnectSockets(true)
      io?.engine.close()
      for (const console of consoles) cut(console)
      io = undefined
    },
    wake: reader.wake,
    signedOut(whose) {
      for (const console of consoles) {
        const { session } = console.identity
        const ended = 'idHash' in whose ? session.idHash === whose.idHash : session.login === whose.login
        if (ended) dismiss(console)
      }
    },
  }
}

function createSocketServer(
  server: HttpServer,
  admit: (request: IncomingMessage) => Promise<boolean>,
): FeedServer {
  return new Server(server, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_EVENT_BYTES,
    connectTimeout: 5000,
    // A refused upgrade was answered already; engine.io is not called back, so it adds nothing to it.
    allowRequest: (request, answer) => {
      admit(request).then(
        (allowed) => allowed && answer(null, true),
        () => refuseUpgrade(request, 503),
      )
    },
  })
}

/** Consoles at the same point of the chain get the same bytes: the change is framed once for all of them. */
function sendChange(io: FeedServer, consoles: ReadonlySet<FeedConsole>, change: Change): void {
  const byPrevious = new Map<number, string[]>()
  for (const console of consoles) {
    if (!console.live || change.seq <= console.position) continue
    console.position = change.seq
    if (!console.scope.sees(change)) continue
    const ids = byPrevious.get(console.lastSent)
    if (ids) ids.push(console.socket.id)
    else byPrevious.set(console.lastSent, [console.socket.id])
    console.lastSent = change.seq
  }
  for (const [prevSeq, ids] of byPrevious) io.to(ids).emit('change', { ...change, prevSeq })
}

/** `head` is, for each console, the newest change that was for it: one that holds less has a gap. */
function sendTicks(
  io: FeedServer,
  consoles: ReadonlySet<FeedConsole>,
  tick: { readonly head: number; readonly base: Omit<FeedTick, 'head'> },
): void {
  const byHead = new Map<number, string[]>()
  for (const console of consoles) {
    const head = console.live ? console.lastSent : tick.head
    const ids = byHead.get(head)
    if (ids) ids.push(console.socket.id)
    else byHead.set(head, [console.socket.id])
  }
  for (const [head, ids] of byHead) io.to(ids).volatile.emit('tick', { ...tick.base, head })
}

function tickBase(deps: HubDeps): Omit<FeedTick, 'head'> {
  const { rulesBehind, historyBehind } = deps.status()
  return {
    now: deps.clock.now(),
    rulesBehind,
    historyBehind,
    devicesOnline: deps.registry.onlineCount(),
    devicesTotal: deps.directory().devices().length,
  }
}

function sameRights(a: Identity, b: Identity): boolean {
  return a.user.role === b.user.role && a.user.crew === b.user.crew && a.user.grid === b.user.grid
}
