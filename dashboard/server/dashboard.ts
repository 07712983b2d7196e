/** The dashboard: HTTP API, live feed and web apps on one port. */
import type { AddressInfo } from 'node:net'
import type { Cancel } from '../../model/clock.ts'
import { listenError } from '../../model/listen-error.ts'
import type { DashboardDeps } from './deps.ts'
import { createFeed } from './feed/feed.ts'
import { ANSWER_RETENTION_MS } from './http/idempotency.ts'
import type { ApiApp } from './http/route-table.ts'
import { buildServer } from './http/server.ts'
import { type DashboardOptions, isSecure } from './options.ts'
import { createOriginCheck } from './origin.ts'
import { createSessions } from './sessions.ts'
import { createSignIn } from './sign-in.ts'

export interface Dashboard {
  /** Starts listening. Throws CONFIG_INVALID when the port is in use or a certificate cannot be read. */
  start(): Promise<void>
  stop(): Promise<void>
  /** E.g. `http://127.0.0.1:8080`; undefined while not listening. */
  address(): string | undefined
  /** Sends new entries of the change log to the consoles; call after commits. */
  publishChanges(): void
  /** Ends all sessions of a user at once, e.g. when disabled or given another role. */
  signOut(login: string): Promise<void>
  /** The OpenAPI document; undefined while not started. */
  openApi(): unknown
}

const SWEEP_MS = 3_600_000

export function createDashboard(options: DashboardOptions, deps: DashboardDeps): Dashboard {
  const { records, logger, metrics } = deps
  const wallClock = deps.wallClock ?? deps.clock
  const secure = isSecure(options)
  const cookieName = secure ? '__Host-linli_session' : 'linli_session'
  const sessions = createSessions(options, { records, clock: wallClock })
  const signIn = createSignIn({ records, clock: wallClock, logger, metrics })
  const checkOrigin = createOriginCheck(options)
  const services = { sessions, checkOrigin, cookieName, wallClock }
  const feedOptions = { maxConsoles: options.maxConsoles, ackTimeoutMs: options.pageAckSeconds * 1000 }
  const feed = createFeed(feedOptions, { ...deps, ...services })
  let app: ApiApp | undefined
  let cancelSweep: Cancel | undefined

  const sweep = async (): Promise<void> => {
    try {
      await sessions.sweep()
      await records.idempotency.deleteBefore(wallClock.now() - ANSWER_RETENTION_MS)
    } catch (err) {
      logger.error({ err }, 'expired sessions and answers could not be deleted')
    }
  }

  const listen = async (): Promise<void> => {
    app = await buildServer(options, deps, {
      ...services,
      signIn,
      onCommandDone: feed.publishChanges,
      onSignOut: (idHash) => feed.disconnectSignedOut({ idHash }),
    })
    await app.ready()
    await feed.start(app.server)
    await listenOn(app, options)
    cancelSweep = wallClock.every(SWEEP_MS, () => void sweep())
    logger.info({ address: addressOf(app) }, 'dashboard listening')
  }
  const stop = async (): Promise<void> => {
    cancelSweep?.()
    await feed.stop()
    await app?.close()
    app = undefined
  }

  return {
    async start() {
      try {
        await listen()
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
    address: () => app && addressOf(app),
    publishChanges: feed.publishChanges,
    async signOut(login) {
      await sessions.closeAllOf(login)
      feed.disconnectSignedOut({ login })
    },
    openApi: () => app?.swagger(),
  }
}

async function listenOn(app: ApiApp, { host, port }: DashboardOptions): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    throw listenError({ host, port, setting: 'dashboard.port', option: '--port' }, cause)
  }
}

function addressOf(app: ApiApp): string | undefined {
  const address = app.server.address() as AddressInfo | null
  if (!address) return undefined
  const scheme = 'setSecureContext' in app.server ? 'https' : 'http'
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `${scheme}://${host}:${address.port}`
}
