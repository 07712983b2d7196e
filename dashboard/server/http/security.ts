/** Protections of the whole server: rate limit, JSON bodies only, security headers. */
import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import { LinliError } from '../../../model/errors.ts'
import { operationPaths } from './operations.ts'
import type { ApiApp } from './route-table.ts'

/** A hook of the whole server, not of each route, so that it runs before the session is looked up. */
export async function addRateLimit(app: ApiApp, max: number): Promise<void> {
  await app.register(fastifyRateLimit, {
    global: false,
    max,
    timeWindow: 60_000,
    allowList: (request) => operationPaths.has(request.url),
    errorResponseBuilder: () => new LinliError('TOO_MANY_REQUESTS', 'too many requests; wait a little'),
  })
  app.addHook('onRequest', app.rateLimit())
}

/** Accepts an empty body (a command without details); refuses `__proto__` and `constructor` keys. */
export function acceptOnlyJson(app: ApiApp): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

/** Only our own origin: no foreign scripts, styles, frames or calls. */
export async function addSecurityHeaders(app: ApiApp, secure: boolean): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    // Browsers support these two on secure origins only and print warnings elsewhere.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()')
  })
}
