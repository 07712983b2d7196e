/** Lets people in whom the handshake allows, and remembers who they are until their socket is there. */
import type { IncomingMessage } from 'node:http'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Identity, Sessions } from '../sessions.ts'
import type { FeedConsole } from './console.ts'
import { type HandshakeDeps, judgeHandshake, refuseUpgrade } from './handshake.ts'
import type { FeedMetrics } from './metrics.ts'

export interface Admission {
  /** True when let in; otherwise the request has had its answer. Never rejects. */
  admit(request: IncomingMessage): Promise<boolean>
  identityOf(request: IncomingMessage): Identity | undefined
}

export function createAdmission(
  deps: HandshakeDeps & { readonly logger: Logger; readonly metrics: FeedMetrics },
): Admission {
  const admitted = new WeakMap<IncomingMessage, Identity>()
  const judge = async (request: IncomingMessage): Promise<boolean> => {
    const verdict = await judgeHandshake(request, deps)
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
        return await judge(request)
      } catch (err) {
        deps.logger.error({ err }, 'a live feed could not be judged')
        refuseUpgrade(request, 503)
        return false
      }
    },
    identityOf: (request) => admitted.get(request),
  }
}

/** The consoles whose sign-in is over, or whose owner may no longer do what they might when they came. */
export async function withoutRight(
  consoles: Iterable<FeedConsole>,
  sessions: Pick<Sessions, 'recheck'>,
): Promise<FeedConsole[]> {
  const judged = await Promise.all(
    [...consoles].map(async (console) => {
      const now = await sessions.recheck(console.identity.session.idHash)
      return now && sameRights(now, console.identity) ? [] : [console]
    }),
  )
  return judged.flat()
}

function sameRights({ user: a }: Identity, { user: b }: Identity): boolean {
  return a.role === b.role && a.crew === b.crew && a.grid === b.grid
}
