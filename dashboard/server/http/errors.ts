/** Every error becomes an `ApiError`; unexpected errors are logged and answered without details. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { ApiError } from '../../../model/api.ts'
import { LinliError } from '../../../model/errors.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import { SignInDelayed } from '../sign-in.ts'

export interface ErrorAnswer {
  readonly status: number
  readonly body: ApiError
  readonly retryAfterSeconds?: number
}

const codeByStatus: Readonly<Record<number, string>> = { 404: 'NOT_FOUND', 429: 'TOO_MANY_REQUESTS' }

/** Status and body of an error; details of internal errors are not disclosed. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof LinliError) return fromLinliError(error)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map((problem) => ({
      path: problem.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: problem.message ?? 'not valid',
    }))
    return { status: 400, body: { code: 'INVALID_INPUT', message: 'the request is not valid', problems } }
  }
  const status = statusOf(error)
  if (status >= 400 && status < 500 && error instanceof Error) {
    return { status, body: { code: codeByStatus[status] ?? 'INVALID_INPUT', message: error.message } }
  }
  return { status: 500, body: { code: 'INTERNAL', message: 'the hub could not do this; it was logged' } }
}

function fromLinliError(error: LinliError): ErrorAnswer {
  const { status, code, reason } = error
  if (status >= 500) return { status, body: { code, message: 'the hub cannot do this now; it was logged' } }
  const problems = error.problems.map(({ source: _, ...problem }) => problem)
  return {
    status,
    body: {
      code,
      message: error.message,
      ...(reason ? { reason } : {}),
      ...(problems.length > 0 ? { problems } : {}),
    },
    ...(error instanceof SignInDelayed ? { retryAfterSeconds: Math.ceil(error.waitMs / 1000) } : {}),
  }
}

function statusOf(error: unknown): number {
  const status = (error as Partial<FastifyError> | null)?.statusCode
  return typeof status === 'number' ? status : 500
}

export function addErrorAnswers(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler(async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body, retryAfterSeconds } = errorAnswer(error)
    const context = { method: request.method, route: request.routeOptions.url, status, err: error }
    if (status >= 500) logger.error(context, 'request failed')
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
    return reply.code(status).send(body)
  })
}
