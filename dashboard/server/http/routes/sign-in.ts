/** `/login`, `/logout`, `/me`: the session cookie. */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { loginBody } from '../../../../model/api.ts'
import { publicUser } from '../../../../model/user.ts'
import type { Identity, Sessions } from '../../sessions.ts'
import type { SignIn } from '../../sign-in.ts'
import { identityOf } from '../access.ts'
import type { ApiApp } from '../route-table.ts'
import { apiErrorSchema, signedInSchema } from '../schemas.ts'

export interface SignInRouteDeps {
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly cookieName: string
  readonly secure: boolean
  /** Called when a session ended, to disconnect its live feed. */
  readonly onSignOut: (idHash: string) => void
}

const tag = 'sign-in'

export function addSignInRoutes(app: ApiApp, deps: SignInRouteDeps): void {
  app.post(
    '/login',
    {
      config: { access: 'open' },
      schema: {
        tags: [tag],
        summary: 'Sign in; sets the session cookie',
        body: loginBody,
        response: { 200: signedInSchema, '4xx': apiErrorSchema },
      },
    },
    async (request, reply) => {
      const user = await deps.signIn({ ...request.body, address: request.ip })
      // A new session id at every sign-in, and the old session ends: prevents session fixation.
      const former = await deps.sessions.identify(request.cookies[deps.cookieName])
      if (former) await endSession(deps, former)
      const { id, session } = await deps.sessions.open(user)
      setCookie(reply, deps, { id, expiresAt: session.expiresAt })
      return { user: publicUser(user), expiresAt: session.expiresAt }
    },
  )
  app.post(
    '/logout',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: [tag],
        summary: 'Sign out; ends the session and its live feed at once',
        response: { 204: z.null().describe('signed out'), '4xx': apiErrorSchema },
      },
    },
    async (request, reply) => {
      await endSession(deps, identityOf(request))
      reply.clearCookie(deps.cookieName, cookieOptions(deps.secure))
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/me',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: [tag],
        summary: 'The signed-in user and the end of the session',
        response: { 200: signedInSchema, '4xx': apiErrorSchema },
      },
    },
    async (request) => {
      const { user, session } = identityOf(request)
      return { user: publicUser(user), expiresAt: session.expiresAt }
    },
  )
}

async function endSession(deps: SignInRouteDeps, { session }: Identity): Promise<void> {
  await deps.sessions.close(session.idHash)
  deps.onSignOut(session.idHash)
}

function setCookie(
  reply: FastifyReply,
  deps: SignInRouteDeps,
  cookie: { readonly id: string; readonly expiresAt: number },
): void {
  reply.setCookie(deps.cookieName, cookie.id, {
    ...cookieOptions(deps.secure),
    expires: new Date(cookie.expiresAt),
  })
}

function cookieOptions(secure: boolean): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure }
}
