/** How routes are declared: queries that read, and commands that change something under an idempotency key. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  FastifyTypeProviderDefault,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Clock } from '../../../model/clock.ts'
import type { CommandContext } from '../../../model/ports/commands.ts'
import type { Permission, User } from '../../../model/user.ts'
import { type Access, identityOf } from './access.ts'
import type { RunOnce } from './idempotency.ts'
import { apiErrorSchema } from './schemas.ts'

/** The HTTP server's type: fastify with zod schemas. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

export const idParams = z.strictObject({ id: z.string().min(1).max(300) })

export interface QueryCall<Q> {
  /** The `:id` of the URL; empty for a URL without one. */
  readonly id: string
  readonly query: Q
  readonly actor: User
}

export interface QueryRoute<Q extends z.ZodType, R extends z.ZodType> {
  /** At most one parameter, `:id`. */
  readonly url: string
  readonly tag: string
  readonly summary: string
  readonly access: Exclude<Access, 'open'>
  readonly query?: Q
  readonly response: R
  /** Documents `5xx`: the answer comes from a store that may be unavailable. */
  readonly mayBeUnavailable?: true
  readonly run: (call: QueryCall<z.output<Q>>) => Promise<z.output<R>>
}

/** Adds a GET route. */
export function addQuery<R extends z.ZodType, Q extends z.ZodType = z.ZodUndefined>(
  app: ApiApp,
  route: QueryRoute<Q, R>,
): void {
  // The compiler cannot infer the schemas of a generic route; the casts below state their types.
  app.withTypeProvider<FastifyTypeProviderDefault>().route({
    method: 'GET',
    url: route.url,
    config: { access: route.access },
    schema: {
      tags: [route.tag],
      summary: route.summary,
      ...(route.url.includes(':id') && { params: idParams }),
      ...(route.query && { querystring: route.query }),
      response: {
        200: route.response,
        '4xx': apiErrorSchema,
        ...(route.mayBeUnavailable && { '5xx': apiErrorSchema }),
      },
    },
    handler: async (request) => {
      const { id = '' } = request.params as { id?: string }
      return route.run({ id, query: request.query as z.output<Q>, actor: identityOf(request).user })
    },
  })
}

export interface CommandDeps {
  readonly runOnce: RunOnce
  readonly clock: Clock
  /** Called after each successful command, to publish its changes at once. */
  readonly onDone: () => void
}

export interface CommandCall<B> {
  readonly id: string
  readonly body: B
  readonly actor: User
  /** Without a note; `withNote` adds it. */
  readonly context: CommandContext
}

export interface CommandRoute<B extends z.ZodType, R extends z.ZodType> {
  /** Default POST. */
  readonly method?: 'POST' | 'PUT'
  /** With one parameter, `:id`. */
  readonly url: string
  readonly tag: string
  readonly summary: string
  readonly access: Permission
  /** Requests a minute per user, in addition to the limit per address. */
  readonly perMinute?: number
  readonly body: B
  readonly response: R
  readonly run: (call: CommandCall<z.output<B>>) => Promise<z.output<R>>
}

const commandHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, '1-128 visible ASCII characters')
    .describe('A repeated key gets the first answer'),
})

/** Adds a POST or PUT route that runs once per idempotency key. */
export function addCommand<B extends z.ZodType, R extends z.ZodType>(
  app: ApiApp,
  deps: CommandDeps,
  route: CommandRoute<B, R>,
): void {
  // The compiler cannot infer the schemas of a generic route; `callOf` states their types.
  app.withTypeProvider<FastifyTypeProviderDefault>().route({
    method: route.method ?? 'POST',
    url: route.url,
    config: {
      access: route.access,
      ...(route.perMinute !== undefined && { perMinute: route.perMinute }),
    },
    schema: {
      tags: [route.tag],
      summary: route.summary,
      params: idParams,
      headers: commandHeaders,
      body: route.body,
      response: { 200: route.response, '4xx': apiErrorSchema },
    },
    // A command without details may have no body.
    preValidation: async (request) => {
      request.body ??= {}
    },
    handler: async (request, reply) => {
      const call = callOf<z.output<B>>(request, deps.clock.now())
      const key = request.headers['idempotency-key'] as string
      const command = `${route.url}\n${call.id}\n${JSON.stringify(call.body)}`
      const answer = await deps.runOnce({ key, login: call.actor.login, command }, async () => {
        const done = await route.run(call)
        deps.onDone()
        return done
      })
      return reply.type('application/json; charset=utf-8').serializer(String).send(answer)
    },
  })
}

function callOf<B>(request: FastifyRequest, now: number): CommandCall<B> {
  const actor = identityOf(request).user
  const { id } = request.params as z.output<typeof idParams>
  return { id, body: request.body as B, actor, context: { actor, now } }
}

/** The context with the note, if it is not empty. */
export function withNote(context: CommandContext, note: string | undefined): CommandContext {
  return note ? { ...context, note } : context
}
