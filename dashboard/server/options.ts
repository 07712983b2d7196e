/** Settings of the dashboard: address, origins, sessions, limits, TLS. */
import { z } from 'zod'

const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value,
    'an origin, e.g. https://linli.example',
  )

export const dashboardOptions = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 = any free one'),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the console in browsers, when it is behind a proxy'),
  sessionHours: z.number().positive().max(720).default(12).describe('Length of a session, in hours'),
  allowedOrigins: z
    .array(origin)
    .default([])
    .describe('Additional origins whose pages may send commands and open the live feed'),
  trustedProxies: z
    .array(z.string().min(1))
    .default([])
    .describe('Addresses of proxies whose X-Forwarded-* headers are trusted'),
  requestsPerMinute: z.int().positive().default(3000).describe('Requests a minute per address'),
  maxConsoles: z.int().positive().default(500).describe('Live feeds that may be open at the same time'),
  pageAckSeconds: z
    .number()
    .positive()
    .max(300)
    .default(20)
    .describe('A console that does not acknowledge a page of the live feed within this time is disconnected'),
  tls: z
    .strictObject({
      certFile: z.string().min(1).describe('PEM certificate (chain) of the console; absent = plain HTTP'),
      keyFile: z.string().min(1).describe('PEM private key'),
    })
    .optional(),
})

export type DashboardOptions = z.output<typeof dashboardOptions>

/** True when browsers reach the console over HTTPS: cookies are then `Secure` and bound to the host. */
export function isSecure(options: Pick<DashboardOptions, 'tls' | 'publicUrl'>): boolean {
  return options.tls !== undefined || options.publicUrl?.startsWith('https:') === true
}
