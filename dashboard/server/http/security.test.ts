import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Records } from '../../../model/ports/records.ts'
import { password, startHub, type TestHub } from '../../../tests/support/hub.ts'

let hub: TestHub
let failing = false
const cookies = new Map<string, string>()
const cookie = (login: string): string => cookies.get(login) ?? ''

/** Records whose list of open cases fails on demand, like a broken disk. */
function breakable(records: Records): Records {
  const open = async () => {
    if (failing) throw new Error('SQLITE_IOERR at /var/lib/linli/records.db')
    return records.cases.open()
  }
  return { ...records, cases: { ...records.cases, open } }
}

beforeAll(async () => {
  hub = await startHub({ wrapRecords: breakable })
  for (const login of ['duty-officer', 'grid-worker', 'supervisor', 'administrator', 'crew', 'other-crew']) {
    cookies.set(login, await hub.cookieOf(login))
  }
  await hub.find({ episode: 'a' }, { episode: 'b', device: 'lamp-2' })
})
afterAll(() => hub.stop())

const acknowledge = '/api/v1/alerts/a/acknowledge'

describe('permissions', () => {
  const routes = [
    ['GET', '/api/v1/me'],
    ['GET', '/api/v1/alerts'],
    ['GET', '/api/v1/alerts/a'],
    ['GET', '/api/v1/cases'],
    ['GET', '/api/v1/work-orders'],
    ['GET', '/api/v1/devices'],
    ['GET', '/api/v1/devices/lamp-1/history?field=powerConsumption&from=1&to=2'],
    ['GET', '/api/v1/devices/lamp-1/quarantine'],
    ['GET', '/api/v1/crews'],
    ['GET', '/api/v1/sites'],
    ['POST', acknowledge],
    ['POST', '/api/v1/alerts/a/dispatch'],
    ['POST', '/api/v1/cases/x/close'],
    ['POST', '/api/v1/work-orders/x/accept'],
    ['POST', '/api/v1/logout'],
  ] as const

  test.each(routes)('%s %s without a session is 401', async (method, path) => {
    const answer = method === 'GET' ? await hub.get(path) : await hub.post(path, {})
    expect(answer.status).toBe(401)
  })

  test.each([
    ['crew', 'GET', '/api/v1/alerts'],
    ['crew', 'GET', '/api/v1/cases'],
    ['crew', 'GET', '/api/v1/devices/lamp-1/quarantine'],
    ['crew', 'POST', acknowledge],
    ['crew', 'POST', '/api/v1/alerts/a/dispatch'],
    ['crew', 'POST', '/api/v1/work-orders/x/cancel'],
    ['grid-worker', 'POST', '/api/v1/alerts/a/shelve'],
    ['grid-worker', 'POST', '/api/v1/cases/x/close'],
    ['duty-officer', 'POST', '/api/v1/work-orders/x/accept'],
  ])('%s %s %s is 403', async (login, method, path) => {
    const body = path.endsWith('shelve') ? { until: 1, note: 'x' } : { crew: 'crew-1', note: 'x' }
    const allowedBody = path.endsWith('dispatch')
      ? { crew: 'crew-1' }
      : path.endsWith('shelve')
        ? body
        : { note: 'x' }
    const answer =
      method === 'GET' ? await hub.get(path, cookie(login)) : await hub.post(path, allowedBody, cookie(login))
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  })

  test('an order of another crew is 404, like one that does not exist', async () => {
    const { body } = await hub.post('/api/v1/alerts/b/dispatch', { crew: 'crew-1' }, cookie('duty-officer'))
    const path = `/api/v1/work-orders/${body.workOrder.id}`
    expect((await hub.get(path, cookie('crew'))).status).toBe(200)
    const foreign = await hub.get(path, cookie('other-crew'))
    const missing = await hub.get('/api/v1/work-orders/none', cookie('other-crew'))
    expect(foreign).toMatchObject({ status: 404, body: missing.body })
    expect((await hub.post(`${path}/accept`, {}, cookie('other-crew'))).status).toBe(404)
    expect((await hub.get('/api/v1/work-orders', cookie('other-crew'))).body).toEqual([])
  })
})

describe('forged requests', () => {
  test.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: '' }],
    ['origin null', { origin: 'null' }],
    ['JSON as text/plain', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('%s is 403 and changes nothing', async (_name, headers) => {
    const answer = await hub.post(acknowledge, {}, cookie('duty-officer'), headers)
    expect(answer.status).toBe(403)
    expect((await hub.records.alerts.get('a'))?.attention).toBe('unacknowledged')
  })

  test('checks the origin of sign-in too, and ignores a method override', async () => {
    const evil = { origin: 'https://evil.example' }
    const forged = await hub.post('/api/v1/login', { login: 'crew', password }, '', evil)
    expect(forged).toMatchObject({ status: 403 })
    expect(forged.headers.get('set-cookie')).toBeNull()
    const override = { 'x-http-method-override': 'POST' }
    expect((await hub.get(acknowledge, cookie('duty-officer'), override)).status).toBe(404)
  })
})

describe('idempotency', () => {
  test('a command without a key, or with a bad one, is refused', async () => {
    for (const key of ['', 'x'.repeat(129), 'a b']) {
      const answer = await hub.post(acknowledge, {}, cookie('duty-officer'), { 'idempotency-key': key })
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
    }
  })

  test('twenty parallel requests with one key are one command with one answer', async () => {
    await hub.find({ episode: 'taps' })
    const headers = { 'idempotency-key': randomUUID() }
    const tap = () =>
      hub.post('/api/v1/alerts/taps/dispatch', { crew: 'crew-2' }, cookie('duty-officer'), headers)
    const answers = await Promise.all(Array.from({ length: 20 }, tap))
    answers.push(await tap())
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    expect(await hub.records.workOrders.open('crew-2')).toHaveLength(1)
  })

  test('refuses a key reused for another command; keys are separate per user', async () => {
    await hub.find({ episode: 'k1' }, { episode: 'k2' })
    const headers = { 'idempotency-key': 'k' }
    const send = (id: string, login: string) =>
      hub.post(`/api/v1/alerts/${id}/acknowledge`, {}, cookie(login), headers)
    expect((await send('k1', 'duty-officer')).status).toBe(200)
    expect(await send('k2', 'duty-officer')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await send('k2', 'supervisor')).status).toBe(200)
  })

  test('a refused command may be retried under its key', async () => {
    const headers = { 'idempotency-key': 'later' }
    const send = () => hub.post('/api/v1/alerts/later/acknowledge', {}, cookie('duty-officer'), headers)
    expect((await send()).status).toBe(404)
    await hub.find({ episode: 'later' })
    expect((await send()).status).toBe(200)
  })
})

describe('answers', () => {
  test('markup in texts stays data, and the headers forbid foreign code', async () => {
    const note = '<img src=x onerror=alert(1)> javascript:alert(1) \u202e=HYPERLINK("x")'
    await hub.post('/api/v1/alerts/a/acknowledge', { note }, cookie('duty-officer'))
    const answer = await hub.get('/api/v1/alerts/a', cookie('duty-officer'))
    const notes = answer.body.timeline.map((change: { note: string | null }) => change.note)
    expect(notes).toContain(note)
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const page = await hub.get('/', '', { accept: 'text/html' })
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('upgrade-insecure-requests')
  })

  test('refuses control characters, bodies over 64 KB and __proto__', async () => {
    const send = (body: unknown) => hub.post('/api/v1/alerts/b/acknowledge', body, cookie('duty-officer'))
    expect((await send({ note: 'a\u0000b' })).status).toBe(400)
    expect((await send({ note: 'x'.repeat(2001) })).status).toBe(400)
    expect((await send({ note: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await send(JSON.parse('{"__proto__": {"x": 1}}'))).status).toBe(400)
    expect((await send([])).status).toBe(400)
    expect((await send(null)).status).toBe(200)
  })

  test('an unexpected error is a 500 without details', async () => {
    failing = true
    const answer = await hub.get('/api/v1/cases?state=open', cookie('duty-officer'))
    failing = false
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
    expect(JSON.stringify(answer.body)).not.toMatch(/SQLITE|linli\//)
  })

  test('metrics behind a proxy are only for administrators', async () => {
    const proxied = { 'x-forwarded-for': '203.0.113.9' }
    expect((await hub.get('/metrics', '', proxied)).status).toBe(403)
    expect((await hub.get('/metrics', cookie('duty-officer'), proxied)).status).toBe(403)
    expect((await hub.get('/metrics', cookie('administrator'), proxied)).status).toBe(200)
  })
})

describe('sign-in', () => {
  test('the cookie is HttpOnly and SameSite, and its value is not in the records', async () => {
    const answer = await hub.post('/api/v1/login', { login: 'supervisor', password })
    const header = answer.headers.get('set-cookie') ?? ''
    expect(header).toMatch(/HttpOnly/)
    expect(header).toMatch(/SameSite=Strict/)
    expect(header).not.toMatch(/Secure/)
    const id = /linli_session=([^;]+)/.exec(header)?.[1] ?? ''
    expect(id).toHaveLength(43)
    expect(await hub.records.sessions.get(id)).toBeUndefined()
  })

  test('a session ends at sign-out and at the next sign-in with its cookie', async () => {
    const first = await hub.cookieOf('supervisor')
    const second = await hub.post('/api/v1/login', { login: 'supervisor', password }, first)
    expect((await hub.get('/api/v1/me', first)).status).toBe(401)
    const cookieNow = (second.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
    expect(cookieNow).not.toBe(first)
    expect((await hub.get('/api/v1/me', cookieNow)).status).toBe(200)
    const out = await hub.post('/api/v1/logout', undefined, cookieNow)
    expect(out.status).toBe(204)
    expect((await hub.get('/api/v1/me', cookieNow)).status).toBe(401)
  })

  test('ignores a session id set by somebody else', async () => {
    const fixed = `linli_session=${'A'.repeat(43)}`
    const answer = await hub.post('/api/v1/login', { login: 'supervisor', password }, fixed)
    expect(answer.headers.get('set-cookie')).not.toContain('AAAA')
    expect((await hub.get('/api/v1/me', fixed)).status).toBe(401)
  })

  test('answers the same for a wrong password, an unknown and a disabled login', async () => {
    const grid = await hub.records.users.get('grid-worker')
    if (grid) await hub.records.users.put({ ...grid, disabled: true })
    const answers = await Promise.all([
      hub.post('/api/v1/login', { login: 'administrator', password: 'wrong' }),
      hub.post('/api/v1/login', { login: 'nobody', password: 'wrong' }),
      hub.post('/api/v1/login', { login: 'grid-worker', password }),
    ])
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1)
    expect(answers[0]?.status).toBe(401)
    expect((await hub.get('/api/v1/me', cookie('grid-worker'))).status).toBe(401)
  })

  test('delays guesses, counts parallel ones, and resets with time', async () => {
    const guess = () => hub.post('/api/v1/login', { login: 'duty-officer', password: 'guess' })
    const answers = await Promise.all(Array.from({ length: 12 }, guess))
    const delayed = answers.filter((answer) => answer.status === 429)
    expect(delayed.length).toBeGreaterThanOrEqual(7)
    expect(Number(delayed[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    const right = { login: 'duty-officer', password }
    expect((await hub.post('/api/v1/login', right)).status).toBe(429)
    hub.clock.advance(31_000)
    expect((await hub.post('/api/v1/login', right)).status).toBe(200)
  })

  test('a password of 1 MB is refused before it is hashed', async () => {
    const answer = await hub.post('/api/v1/login', { login: 'crew', password: 'x'.repeat(1_000_000) })
    expect(answer.status).toBe(413)
    const long = await hub.post('/api/v1/login', { login: 'crew', password: 'x'.repeat(257) })
    expect(long.status).toBe(400)
  })
})
