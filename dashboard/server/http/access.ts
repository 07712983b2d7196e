/** Access checks. Every API route must state who may call it; one that does not cannot be registered. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../../model/clock.ts'
import { LinliError } from '../../../model/errors.ts'
import { may, type Permission } from '../../../model/user.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Identity, Sessions } from '../sessions.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'

/** `open` = anybody, `signed-in` = any role; otherwise the roles with the permission. */
export type Access = 'open' | 'signed-in' | Permission

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Requests a minute per user, in addition to the limit per address. */
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
  const rateLimit = createRateLimit()
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.url} does not state who may call it`)
  })
  app.addHook('onRequest', async (request) => {
    if (!safeMethods.has(request.method)) refuseForgedRequest(request, deps)
    const { access } = request.routeOptions.config
    if (access === 'open') return
    request.identity = (await deps.sessions.identify(request.cookies[deps.cookieName])) ?? null
    requirePermission(request.identity, access ?? 'signed-in')
    enforceRateLimit(request, rateLimit, deps.wallClock.now())
  })
}

/** Browsers send cookies with forged requests too, but not the origin of our pages or a JSON content type. */
function refuseForgedRequest(request: FastifyRequest, deps: AccessDeps): void {
  const verdict = deps.checkOrigin({ origin: request.headers.origin, host: request.host })
  if (!verdict.allowed) {
    throw new LinliError('FORBIDDEN', `a command must come from a page of this hub (${verdict.reason})`)
  }
  const type = request.headers['content-type']
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new LinliError('FORBIDDEN', 'commands are sent as application/json')
  }
}

function requirePermission(identity: Identity | null, access: Exclude<Access, 'open'>): void {
  if (!identity) throw new LinliError('UNAUTHENTICATED', 'sign in first')
  if (access === 'signed-in' || may(identity.user.role, access)) return
  throw new LinliError('FORBIDDEN', 'your role may not do this')
}

function enforceRateLimit(request: FastifyRequest, rateLimit: RateLimit, now: number): void {
  const { perMinute } = request.routeOptions.config
  if (perMinute === undefined) return
  const key = `${identityOf(request).user.login} ${request.routeOptions.url}`
  if (!rateLimit(key, perMinute, now))
    throw new LinliError('TOO_MANY_REQUESTS', 'too many requests; wait a minute')
}

/** The user and session of a request that passed the checks; throws UNAUTHENTICATED on an open route. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new LinliError('UNAUTHENTICATED', 'sign in first')
  return request.identity
}
