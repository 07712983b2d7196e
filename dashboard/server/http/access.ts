/** Who may call a route: every API route states it, and what states nothing cannot be registered. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../../model/clock.ts'
import { LinliError } from '../../../model/errors.ts'
import { may, type Permission } from '../../../model/user.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Identity, Sessions } from '../sessions.ts'
import { createPace, type Pace } from './pace.ts'

/** `open` = anybody, `signed-in` = any role; otherwise the roles that hold the permission. */
export type Access = 'open' | 'signed-in' | Permission

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** At most so many a minute for each person, beside the bound of the whole server. */
    perMinute?: number
  }
  interface FastifyRequest {
    identity: Identity | null
  }
}

export interface AccessDeps {
  readonly sessions: Sessions
  readonly checkOrigin: (request: OriginRequest) => OriginVerdict
  readonly cookieName: string
  readonly wallClock: Clock
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Adds the checks to every route of this (encapsulated) part of the server. */
export function addAccess(app: FastifyInstance, deps: AccessDeps): void {
  const pace = createPace()
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', async (request) => {
    if (!safeMethods.has(request.method)) refuseForgery(request, deps)
    const { access } = request.routeOptions.config
    if (access === 'open') return
    request.identity = (await deps.sessions.identify(request.cookies[deps.cookieName])) ?? null
    refuseStranger(request.identity, access ?? 'signed-in')
    refuseHaste(request, pace, deps.wallClock.now())
  })
}

/** Cookies travel with forged requests too; the page's origin and a JSON type do not. */
function refuseForgery(request: FastifyRequest, deps: AccessDeps): void {
  const verdict = deps.checkOrigin({ origin: request.headers.origin, host: request.host })
  if (!verdict.allowed) {
    throw new LinliError('FORBIDDEN', `a command must come from a page of this hub (${verdict.reason})`)
  }
  const type = request.headers['content-type']
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new LinliError('FORBIDDEN', 'commands are sent as application/json')
  }
}

function refuseStranger(identity: Identity | null, access: Exclude<Access, 'open'>): void {
  if (!identity) throw new LinliError('UNAUTHENTICATED', 'sign in first')
  if (access === 'signed-in' || may(identity.user.role, access)) return
  throw new LinliError('FORBIDDEN', 'your role may not do this')
}

function refuseHaste(request: FastifyRequest, pace: Pace, now: number): void {
  const { perMinute } = request.routeOptions.config
  if (perMinute === undefined) return
  const key = `${identityOf(request).user.login} ${request.routeOptions.url}`
  if (!pace(key, perMinute, now)) throw new LinliError('TOO_MANY_REQUESTS', 'too often; wait a minute')
}

/** The person behind a request that passed the checks. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new LinliError('UNAUTHENTICATED', 'sign in first')
  return request.identity
}
