/** Builds the HTTP server: headers, limits, API docs, API and pages. Does not listen yet. */

import { readFile } from 'node:fs/promises'
import fastifyCookie from '@fastify/cookie'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fastify from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Clock } from '../../../model/clock.ts'
import { LinliError } from '../../../model/errors.ts'
import type { Metrics } from '../../../model/ports/metrics.ts'
import type { DashboardDeps } from '../deps.ts'
import { type DashboardOptions, isSecure } from '../options.ts'
import type { OriginRequest, OriginVerdict } from '../origin.ts'
import type { Sessions } from '../sessions.ts'
import type { SignIn } from '../sign-in.ts'
import { addAccess } from './access.ts'
import { addErrorAnswers } from './errors.ts'
import { createRunOnce } from './idempotency.ts'
import { addOperations } from './operations.ts'
import { addPages } from './pages.ts'
import type { ApiApp } from './route-table.ts'
import { addAlertRoutes } from './routes/alerts.ts'
import { addCaseRoutes } from './routes/cases.ts'
import { addDeviceRoutes } from './routes/devices.ts'
import { addPlaceRoutes } from './routes/places.ts'
import { addRuleRoutes } from './routes/rules.ts'
import { addSignInRoutes } from './routes/sign-in.ts'
import { addWorkOrderRoutes } from './routes/work-orders.ts'
import { acceptOnlyJson, addRateLimit, addSecurityHeaders } from './security.ts'

export interface ServerServices {
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly wallClock: Clock
  readonly cookieName: string
  readonly checkOrigin: (request: OriginRequest) => OriginVerdict
  readonly onCommandDone: () => void
  readonly onSignOut: (idHash: string) => void
}

/** Commands are short; rule files are at most 32 KB. */
const MAX_BODY_BYTES = 64 * 1024
/** Ids of episodes and cases are longer than fastify's default of 100. */
const MAX_PARAM_LENGTH = 512

export async function buildServer(
  options: DashboardOptions,
  deps: DashboardDeps,
  services: ServerServices,
): Promise<ApiApp> {
  const app = await createApp(options)
  app.setValidatorCompiler(validatorCompiler)
  // Answers are checked by the compiler; a runtime check would only turn an odd old row into an error.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  acceptOnlyJson(app)
  app.decorateRequest('identity', null)
  addErrorAnswers(app, deps.logger)
  addRequestMetrics(app, deps.metrics)
  await addSecurityHeaders(app, isSecure(options))
  await app.register(fastifyCookie)
  await addRateLimit(app, options.requestsPerMinute)
  await addApiDocs(app, services.cookieName)
  addOperations(app, { ...deps, ...services })
  await addApi(app, deps, services)
  await addPages(app, deps.webRoot, deps.logger)
  return app
}

async function createApp(options: DashboardOptions): Promise<ApiApp> {
  const common = {
    logger: false as const,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: 30_000,
    forceCloseConnections: true as const,
  }
  if (!options.tls) return fastify(common).withTypeProvider<ZodTypeProvider>()
  // Sequential, so that the error names the first wrong file.
  const cert = await readPem(options.tls.certFile, 'certFile')
  const key = await readPem(options.tls.keyFile, 'keyFile')
  const https = { cert, key, minVersion: 'TLSv1.2' as const }
  return fastify({ ...common, https }).withTypeProvider<ZodTypeProvider>() as unknown as ApiApp
}

async function readPem(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new LinliError('CONFIG_INVALID', `dashboard.tls.${option}: ${file} cannot be read`, { cause })
  }
}

function addRequestMetrics(app: ApiApp, metrics: Metrics): void {
  const requests = metrics.counter('linli_http_requests_total', 'HTTP requests by method and status', [
    'method',
    'status',
  ])
  const seconds = metrics.histogram(
    'linli_http_request_seconds',
    'Time to answer an HTTP request',
    [0.005, 0.02, 0.1, 0.5, 2],
  )
  app.addHook('onResponse', async (request, reply) => {
    requests.add({ method: request.method, status: String(reply.statusCode) })
    seconds.observe(reply.elapsedTime / 1000)
  })
}

async function addApiDocs(app: ApiApp, cookieName: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Linli', description: 'Alerts, cases and devices of a smart community', version: '1' },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: cookieName } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/api/docs' })
}

async function addApi(app: ApiApp, deps: DashboardDeps, services: ServerServices): Promise<void> {
  const { clock, logger, records } = deps
  const runOnce = createRunOnce({ records, clock: services.wallClock, logger })
  const commandDeps = { ...deps, runOnce, clock, onDone: services.onCommandDone }
  const secure = services.cookieName.startsWith('__Host-')
  await app.register(
    (plain, _options, done) => {
      const api = plain.withTypeProvider<ZodTypeProvider>()
      addAccess(api, services)
      api.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      addSignInRoutes(api, { ...services, secure })
      addAlertRoutes(api, commandDeps)
      addCaseRoutes(api, commandDeps)
      addWorkOrderRoutes(api, commandDeps)
      addDeviceRoutes(api, deps)
      addPlaceRoutes(api, deps)
      addRuleRoutes(api, commandDeps)
      done()
    },
    { prefix: '/api/v1' },
  )
}
