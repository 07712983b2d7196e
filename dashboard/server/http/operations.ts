/** `/healthz`, `/readyz` and `/metrics`, for monitoring. */

import { isIPv4 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LinliError } from '../../../model/errors.ts'
import type { Readiness } from '../deps.ts'
import type { Sessions } from '../sessions.ts'

export interface OperationsDeps {
  readonly readiness: () => Promise<Readiness>
  readonly metricsText: () => Promise<string>
  readonly sessions: Sessions
  readonly cookieName: string
}

/** Exempt from the rate limit: monitoring must work when the hub is busiest. */
export const operationPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

export function addOperations(app: FastifyInstance, deps: OperationsDeps): void {
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, async () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (_request, reply) => {
    const readiness = await deps.readiness()
    return reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
  app.get('/metrics', hidden, async (request, reply) => {
    if (!isFromThisMachine(request) && !(await isAdministrator(request, deps))) {
      throw new LinliError('FORBIDDEN', 'metrics are for this machine and for administrators')
    }
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metricsText())
  })
}

/** Requests forwarded by a local proxy are not local. */
function isFromThisMachine(request: FastifyRequest): boolean {
  const { headers } = request
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}

async function isAdministrator(request: FastifyRequest, deps: OperationsDeps): Promise<boolean> {
  const identity = await deps.sessions.identify(request.cookies[deps.cookieName])
  return identity?.user.role === 'administrator'
}
