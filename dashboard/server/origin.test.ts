import { describe, expect, test } from 'vitest'
import { dashboardOptions, isSecure } from './options.ts'
import { createOriginCheck } from './origin.ts'

const check = (options: Record<string, unknown> = {}) => createOriginCheck(dashboardOptions.parse(options))
const tls = { certFile: 'c.pem', keyFile: 'k.pem' }

describe('origin', () => {
  test.each([
    ['its own page', {}, 'http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['its own page, host in capitals', {}, 'http://hub.example', 'HUB.example'],
    ['its own page over TLS', { tls }, 'https://hub.example', 'hub.example'],
    ['the public URL', { publicUrl: 'https://hub.example/' }, 'https://hub.example', '10.0.0.1:8080'],
    ['a listed origin', { allowedOrigins: ['http://localhost:5173'] }, 'http://localhost:5173', 'x'],
  ])('%s is allowed', (_name, options, origin, host) => {
    expect(check(options)({ origin, host })).toEqual({ allowed: true })
  })

  test.each([
    ['another host', {}, 'http://evil.example', '127.0.0.1:8080', 'foreign-origin'],
    ['another port', {}, 'http://127.0.0.1:9000', '127.0.0.1:8080', 'foreign-origin'],
    ['another scheme', { tls }, 'http://hub.example', 'hub.example', 'foreign-origin'],
    ['a longer name', {}, 'http://hub.example.evil', 'hub.example', 'foreign-origin'],
    ['null', {}, 'null', 'hub.example', 'foreign-origin'],
    ['a missing origin', {}, undefined, 'hub.example', 'no-origin'],
    ['a missing origin and host', {}, undefined, undefined, 'no-origin'],
  ] as const)('%s is refused', (_name, options, origin, host, reason) => {
    expect(check(options)({ origin, host })).toEqual({ allowed: false, reason })
  })
})

describe('options', () => {
  test('secure when browsers connect over HTTPS', () => {
    expect(isSecure(dashboardOptions.parse({}))).toBe(false)
    expect(isSecure(dashboardOptions.parse({ publicUrl: 'https://hub.example' }))).toBe(true)
    expect(isSecure(dashboardOptions.parse({ tls }))).toBe(true)
  })

  test.each([
    [{ port: 70_000 }],
    [{ publicUrl: 'ftp://x' }],
    [{ allowedOrigins: ['http://x/path'] }],
    [{ sessionHours: 0 }],
    [{ colour: 'red' }],
    [{ tls: { certFile: 'c.pem' } }],
  ])('%j is refused', (options) => {
    expect(dashboardOptions.safeParse(options).success).toBe(false)
  })
})
