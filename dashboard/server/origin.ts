/** Which pages may send commands or open the live feed, by the `Origin` header that every browser sends. */
import type { DashboardOptions } from './options.ts'

export interface OriginRequest {
  readonly origin: string | undefined
  readonly host: string | undefined
}

export type OriginVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'no-origin' | 'foreign-origin' }

/** Allows the hub's own host, the public URL and the configured origins; refuses a missing header. */
export function createOriginCheck(
  options: Pick<DashboardOptions, 'publicUrl' | 'allowedOrigins' | 'tls'>,
): (request: OriginRequest) => OriginVerdict {
  const listed = new Set(options.allowedOrigins)
  if (options.publicUrl) listed.add(new URL(options.publicUrl).origin)
  const scheme = options.tls ? 'https' : 'http'
  return ({ origin, host }) => {
    if (!origin) return { allowed: false, reason: 'no-origin' }
    const own = host !== undefined && origin === `${scheme}://${host.toLowerCase()}`
    return own || listed.has(origin) ? { allowed: true } : { allowed: false, reason: 'foreign-origin' }
  }
}
