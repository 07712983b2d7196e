import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LinliError } from '../../../model/errors.ts'
import { startHub, type TestHub } from '../../../tests/support/hub.ts'
import {
  alertDetailSchema,
  alertSchema,
  apiErrorSchema,
  caseDetailSchema,
  caseSchema,
  crewSchema,
  deviceDetailSchema,
  deviceHistorySchema,
  deviceSummarySchema,
  dispatchedSchema,
  quarantinedSchema,
  signedInSchema,
  sitesSchema,
  staffSchema,
  workOrderSchema,
} from './schemas.ts'

let hub: TestHub
let duty: string
let crew: string

beforeAll(async () => {
  hub = await startHub()
  duty = await hub.cookieOf('duty-officer')
  crew = await hub.cookieOf('crew')
})
afterAll(() => hub.stop())

/** The server does not validate its answers, so the tests do. */
function expectSchema(schema: z.ZodType, body: unknown): void {
  expect(schema.parse(body)).toEqual(body)
}

const path = (id: string, rest = ''): string => `/api/v1/alerts/${encodeURIComponent(id)}${rest}`

describe('alerts', () => {
  const id = 'L2:lamp-1/arm 2:1000'

  test('raised, listed, acknowledged, dispatched, worked, closed; every answer matches its schema', async () => {
    await hub.find({ episode: id })
    const list = await hub.get('/api/v1/alerts', duty)
    expect(list.status).toBe(200)
    expectSchema(z.array(alertSchema), list.body)
    expect(list.body.map((alert: { id: string }) => alert.id)).toContain(id)

    const acknowledged = await hub.post(path(id, '/acknowledge'), {}, duty)
    expectSchema(alertSchema, acknowledged.body)
    expect(acknowledged.body).toMatchObject({
      attention: 'acknowledged',
      acknowledgedBy: 'duty-officer',
      acknowledgedAt: hub.clock.now(),
    })
    const undone = await hub.post(path(id, '/unacknowledge'), undefined, duty)
    expect(undone.body.attention).toBe('unacknowledged')

    const dispatched = await hub.post(path(id, '/dispatch'), { crew: 'crew-1' }, duty)
    expect(dispatched.status).toBe(200)
    expectSchema(dispatchedSchema, dispatched.body)
    const { case: opened, workOrder } = dispatched.body

    const orders = await hub.get('/api/v1/work-orders', crew)
    expectSchema(z.array(workOrderSchema), orders.body)
    expect(orders.body).toHaveLength(1)
    const order = `/api/v1/work-orders/${workOrder.id}`
    expect((await hub.post(`${order}/accept`, {}, crew)).body.state).toBe('accepted')
    expect((await hub.post(`${order}/arrive`, { note: 'at the gate' }, crew)).body.state).toBe('arrived')
    expect((await hub.post(`${order}/done`, {}, crew)).status).toBe(400)
    expect((await hub.post(`${order}/done`, { note: 'new lamp' }, crew)).body).toMatchObject({
      state: 'done',
      doneNote: 'new lamp',
    })

    const tooEarly = await hub.post(`/api/v1/cases/${opened.id}/close`, {}, duty)
    expect(tooEarly.status).toBe(409)
    expectSchema(apiErrorSchema, tooEarly.body)
    expect(tooEarly.body).toMatchObject({ code: 'CONFLICT', reason: 'alert-active' })
    await hub.post(path(id, '/clear'), { note: 'seen burning' }, duty)
    const closed = await hub.post(`/api/v1/cases/${opened.id}/close`, { note: 'fine' }, duty)
    expectSchema(caseSchema, closed.body)
    expect(closed.body.state).toBe('closed')

    const detail = await hub.get(path(id), duty)
    expectSchema(alertDetailSchema, detail.body)
    const seqs = detail.body.timeline.map((change: { seq: number }) => change.seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(detail.body.timeline.map((change: { action: string }) => change.action)).toEqual(
      expect.arrayContaining(['raised', 'acknowledged', 'cleared']),
    )
    const file = await hub.get(`/api/v1/cases/${opened.id}`, duty)
    expectSchema(caseDetailSchema, file.body)
    expect(file.body).toMatchObject({ alert: { id }, workOrders: [{ id: workOrder.id }] })
    expect((await hub.get('/api/v1/cases', duty)).body).toHaveLength(1)
    expect((await hub.get('/api/v1/cases?state=open', duty)).body).toEqual([])
  })

  test('the limit applies to the list of all, not to the open list', async () => {
    await hub.find(...Array.from({ length: 12 }, (_, n) => ({ episode: `many-${n}`, device: 'lamp-2' })))
    const open = await hub.get('/api/v1/alerts?limit=3&device=lamp-2', duty)
    expect(open.body).toHaveLength(12)
    const all = await hub.get('/api/v1/alerts?state=all&limit=3', duty)
    expect(all.body).toHaveLength(3)
    expect((await hub.get('/api/v1/alerts?site=elsewhere', duty)).body).toEqual([])
  })

  test('shelves until a time, with a reason', async () => {
    await hub.find({ episode: 'shelf' })
    const until = hub.clock.now() + 3_600_000
    const shelved = await hub.post(path('shelf', '/shelve'), { until, note: 'parts ordered' }, duty)
    expect(shelved.body).toMatchObject({ shelvedUntil: until, shelvedReason: 'parts ordered' })
    expect((await hub.post(path('shelf', '/shelve'), { until }, duty)).status).toBe(400)
  })

  test.each([
    ['/api/v1/alerts/none', 404, 'NOT_FOUND'],
    ['/api/v1/cases/none', 404, 'NOT_FOUND'],
    ['/api/v1/work-orders/none', 404, 'NOT_FOUND'],
    ['/api/v1/devices/none', 404, 'NOT_FOUND'],
    ['/api/v1/devices/constructor', 404, 'NOT_FOUND'],
    ['/api/v1/alerts?limit=0', 400, 'INVALID_INPUT'],
    ['/api/v1/alerts?colour=red', 400, 'INVALID_INPUT'],
    ['/api/v1/devices/lamp-1/history?field=power&from=2&to=1', 400, 'INVALID_INPUT'],
    ['/api/v1/devices/lamp-1/history?field=toString&from=1&to=2', 400, 'INVALID_INPUT'],
    ['/api/v1/nowhere', 404, 'NOT_FOUND'],
  ])('%s is answered %i %s', async (url, status, code) => {
    const answer = await hub.get(url, duty)
    expect(answer.status).toBe(status)
    expectSchema(apiErrorSchema, answer.body)
    expect(answer.body.code).toBe(code)
  })

  test('a validation error names every wrong field', async () => {
    const answer = await hub.post(path('shelf', '/shelve'), { until: 'soon', colour: 1 }, duty)
    expect(answer.body.problems.map((problem: { path: string }) => problem.path)).toEqual(
      expect.arrayContaining(['until', 'note']),
    )
  })
})

describe('devices', () => {
  test('lists online state and open alerts', async () => {
    hub.receive([{ device: 'lamp-1', ts: 5, receivedAt: 6, online: true, values: { power: 40 } }])
    const list = await hub.get('/api/v1/devices?search=LAMP-1', duty)
    expectSchema(z.array(deviceSummarySchema), list.body)
    expect(list.body).toMatchObject([{ id: 'lamp-1', online: true, lastSeenAt: 6 }])
    expect((await hub.get('/api/v1/devices', duty)).body).toMatchObject([
      {},
      { online: false, lastSeenAt: null, openAlerts: 12 },
    ])
    expect((await hub.get('/api/v1/devices?type=bin', duty)).body).toEqual([])
    const detail = await hub.get('/api/v1/devices/lamp-1', crew)
    expectSchema(deviceDetailSchema, detail.body)
    expect(detail.body.latest.values).toEqual({ power: 40 })
  })

  test('history with a suitable bucket, gaps and bands', async () => {
    const to = hub.clock.now()
    const from = to - 24 * 3_600_000
    hub.history.points = [
      { at: from, value: 40 },
      { at: to - 3_600_000, value: 41 },
    ]
    await hub.find({ episode: 'band', device: 'lamp-1', startedAt: from + 1000, at: from + 1000 })
    const url = `/api/v1/devices/lamp-1/history?field=powerConsumption&from=${from}&to=${to}`
    const answer = await hub.get(url, duty)
    expect(answer.status).toBe(200)
    expectSchema(deviceHistorySchema, answer.body)
    expect(answer.body).toMatchObject({ bucket: 120_000, field: 'powerConsumption' })
    expect(answer.body.bands.at(-1)).toMatchObject({ alertId: 'band', to: null })
    expect(answer.body.gaps).toHaveLength(2)
    expect(hub.history.queries.at(-1)).toMatchObject({ device: 'lamp-1', bucket: 120_000 })
  })

  test('an unavailable history is a 503 without details', async () => {
    hub.history.error = new LinliError('HISTORY_UNAVAILABLE', 'http://influx.internal refused')
    const answer = await hub.get('/api/v1/devices/lamp-1/history?field=powerConsumption&from=1&to=2000', duty)
    delete hub.history.error
    expect(answer).toMatchObject({ status: 503, body: { code: 'HISTORY_UNAVAILABLE' } })
    expect(JSON.stringify(answer.body)).not.toContain('influx')
  })

  test('quarantined messages as text and as bytes', async () => {
    const payload = Buffer.from('{"power": <img onerror=alert(1)>')
    const item = { receivedAt: 1, topic: 't', device: 'lamp-1', reason: 'not JSON', payload, size: 33 }
    await hub.journal.quarantine(item)
    const answer = await hub.get('/api/v1/devices/lamp-1/quarantine', duty)
    expectSchema(z.array(quarantinedSchema), answer.body)
    expect(answer.body).toMatchObject([{ text: payload.toString(), base64: payload.toString('base64') }])
  })
})

describe('other routes', () => {
  test('crews, sites, me', async () => {
    expectSchema(z.array(crewSchema), (await hub.get('/api/v1/crews', duty)).body)
    expectSchema(sitesSchema, (await hub.get('/api/v1/sites', duty)).body)
    const me = await hub.get('/api/v1/me', duty)
    expectSchema(signedInSchema, me.body)
    expect(JSON.stringify(me.body)).not.toContain('argon2')
  })

  test('staff: names of logins for signed-in users, without other fields', async () => {
    const staff = await hub.get('/api/v1/staff', crew)
    expectSchema(z.array(staffSchema), staff.body)
    expect(staff.body).toContainEqual({ login: 'supervisor', name: 'supervisor', role: 'supervisor' })
    expect((await hub.get('/api/v1/staff')).status).toBe(401)
  })

  test('health, readiness, metrics', async () => {
    expect((await hub.get('/healthz')).body).toEqual({ status: 'ok' })
    expect((await hub.get('/readyz')).status).toBe(200)
    hub.readiness.now = { ready: false, reasons: ['the journal is full'] }
    const notReady = await hub.get('/readyz')
    expect(notReady.status).toBe(503)
    expect(notReady.body.reasons).toEqual(['the journal is full'])
    expect((await hub.get('/metrics')).body).toContain('linli_up 1')
  })

  test('the OpenAPI document has every route with its answers', async () => {
    const answer = await hub.get('/api/docs/json')
    expect(answer.status).toBe(200)
    const paths = Object.keys(answer.body.paths)
    expect(paths).toEqual(
      expect.arrayContaining(['/api/v1/alerts/{id}/acknowledge', '/api/v1/devices/{id}/history']),
    )
    for (const [url, methods] of Object.entries<Record<string, { responses: object; summary?: string }>>(
      answer.body.paths,
    )) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary, url).toBeTruthy()
        expect(Object.keys(operation.responses), url).toContain('4XX')
      }
    }
    expect(hub.dashboard.openApi()).toEqual(answer.body)
  })

  test('pages: the console, the crew page, deep links, hashed assets', async () => {
    const html = { accept: 'text/html' }
    expect((await hub.get('/', '', html)).body).toContain('ops')
    expect((await hub.get('/devices/lamp-1?tab=2', '', html)).body).toContain('ops')
    expect((await hub.get('/crew/', '', html)).body).toContain('crew')
    expect((await hub.get('/crew/orders/7', '', html)).body).toContain('crew')
    expect((await hub.get('/crewmen', '', html)).body).toContain('ops')
    expect((await hub.get('/api/v1/nothing', '', html)).status).toBe(404)
    expect((await hub.get('/assets/missing.js', '', html)).status).toBe(404)
    expect((await hub.get('/', '', html)).headers.get('cache-control')).toBe('no-cache')
    expect((await hub.get('/assets/app-1a2b.js')).headers.get('cache-control')).toContain('immutable')
    expect((await hub.get('/../../etc/passwd', '', html)).body).not.toContain('root:')
  })
})
