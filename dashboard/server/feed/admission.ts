/** Checks each handshake and keeps the identity of the admitted user until the socket is open. */
import type { IncomingMessage } from 'node:http'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Identity, Sessions } from '../sessions.ts'
import type { FeedConsole } from './console.ts'
import { checkHandshake, type HandshakeDeps, refuseUpgrade } from './handshake.ts'
import type { FeedMetrics } from './metrics.ts'

export interface Admission {
  /** True when admitted; otherwise the request has been answered already. Never rejects. */
  admit(request: IncomingMessage): Promise<boolean>
  identityOf(request: IncomingMessage): Identity | undefined
}

export function createAdmission(
  deps: HandshakeDeps & { readonly logger: Logger; readonly metrics: FeedMetrics },
): Admission {
  const admitted = new WeakMap<IncomingMessage, Identity>()
  const check = async (request: IncomingMessage): Promise<boolean> => {
    const verdict = await checkHandshake(request, deps)
    if (verdict.allowed) {
      admitted.set(request, verdict.identity)
      return true
    }
    deps.metrics.refused.add({ reason: verdict.reason })
    deps.logger.warn({ reason: verdict.reason }, 'live feed refused')
    refuseUpgrade(request, verdict.status)
    return false
  }
  return {
    async admit(request) {
      try {
        return await check(request)
      } catch (err) {
        deps.logger.error({ err }, 'handshake of a live feed could not be checked')
        refuseUpgrade(request, 503)
        return false
      }
    },
    identityOf: (request) => admitted.get(request),
  }
}

/** Consoles whose session has ended, or whose user's role, crew or grid has changed since they connected. */
export async function findRevoked(
  consoles: Iterable<FeedConsole>,
  sessions: Pick<Sessions, 'recheck'>,
): Promise<FeedConsole[]> {
  const revoked = await Promise.all(
    [...consoles].map(async (console) => {
      const current = await sessions.recheck(console.identity.session.idHash)
      return current && hasSameRights(current, console.identity) ? [] : [console]
    }),
  )
  return revoked.flat()
}

function hasSameRights({ user: a }: Identity, { user: b }: Identity): boolean {
  return a.role === b.role && a.crew === b.crew && a.grid === b.grid
}
