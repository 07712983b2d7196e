import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { manualClock } from '../model/clock.ts'
import type { LinliError } from '../model/errors.ts'
import type { CommandContext } from '../model/ports/commands.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import type { Role, User } from '../model/user.ts'
import { device, directoryOf, user } from '../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { createCases } from './cases.ts'
import { caseOptions } from './options.ts'

/** 2026-03-01 00:30 in Shanghai, still the last of February in UTC. */
const NOW = Date.parse('2026-02-28T16:30:00Z')
const HOUR = 3_600_000

const text = (words: string) => ({ zh: words, en: words })
const alert: Alert = {
  id: 'a1',
  rule: 'rule-1',
  ref: 'L2',
  kind: 'maintenance',
  severity: 'high',
  title: text('lamp dark'),
  reason: text('no power'),
  site: 'east',
  grid: 'grid-1',
  device: 'lamp-1',
  deviceType: 'streetlight',
  devices: ['lamp-1'],
  place: text('north gate'),
  condition: 'active',
  attention: 'unacknowledged',
  raisedAt: NOW,
  clearedAt: null,
  firstSeenAt: NOW,
  retracted: false,
  lateBy: 0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  shelvedUntil: null,
  shelvedReason: null,
  reopenedCount: 0,
  inhibitedBy: null,
  inhibits: [],
  caseId: null,
  evidence: {},
  version: 1,
}
const order = { crew: 'crew-1', instructions: ' bring a ladder ' }

async function room(patch: Partial<Alert> = {}) {
  const records = memoryRecords()
  await records.alerts.put({ ...alert, ...patch })
  let wakes = 0
  const crews = [
    { id: 'crew-1', name: text('one'), site: 'east', deviceTypes: [] },
    { id: 'crew-2', name: text('two'), site: null, deviceTypes: [] },
    { id: 'crew-3', name: text('three'), site: null, deviceTypes: [] },
    { id: 'crew-far', name: text('far'), site: 'west', deviceTypes: [] },
  ]
  const directory = directoryOf([device('lamp-1')], crews)
  const cases = createCases(caseOptions.parse({}), {
    records,
    directory: () => directory,
    clock: manualClock(NOW),
    logger: silentLogger,
    metrics: noMetrics,
    changed: () => {
      wakes++
    },
  })
  const clearAlert = async () => {
    const found = await records.alerts.get('a1')
    if (found) await records.alerts.put({ ...found, condition: 'cleared', clearedAt: NOW })
  }
  const log = async () =>
    (await records.changes.after(0, 1000)).map((change) => `${change.entity} ${change.action}`)
  return { records, cases, clearAlert, log, wakes: () => wakes }
}

const as = (role: Role, note?: string, patch: Partial<User> = {}): CommandContext => ({
  actor: user(role, patch),
  now: NOW,
  ...(note === undefined ? {} : { note }),
})
const duty = (note?: string) => as('duty-officer', note)
const crew = (note?: string) => as('crew', note, { crew: 'crew-1' })
const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: LinliError) => error.code,
  )

describe('the whole way', () => {
  test('dispatch, accept, arrive, done, close: each step in the log, in one transaction each', async () => {
    const { cases, records, clearAlert, log, wakes } = await room()
    const { case: opened, workOrder } = await cases.dispatch('a1', order, duty())
    expect(opened).toMatchObject({
      number: '20260301-0001',
      state: 'open',
      openedBy: 'duty-officer',
      dueAt: NOW + 4 * HOUR,
    })
    expect(workOrder).toMatchObject({
      number: '20260301-0001-1',
      caseId: opened.id,
      state: 'assigned',
      instructions: 'bring a ladder',
    })
    expect((await records.alerts.get('a1'))?.caseId).toBe(opened.id)
    await cases.accept(workOrder.id, crew())
    await cases.arrive(workOrder.id, crew())
    expect(await cases.done(workOrder.id, crew('lamp replaced'))).toMatchObject({
      state: 'done',
      doneNote: 'lamp replaced',
      doneBy: 'crew',
    })
    expect((await records.cases.get(opened.id))?.state).toBe('done')
    await clearAlert()
    expect(await cases.close(opened.id, duty())).toMatchObject({ state: 'closed', closedAt: NOW })
    expect((await records.workOrders.get(workOrder.id))?.state).toBe('closed')
    expect(await records.workOrders.open()).toEqual([])
    expect(await log()).toEqual([
      'case opened',
      'alert case-opened',
      'workOrder assigned',
      'workOrder accepted',
      'workOrder arrived',
      'workOrder done',
      'case done',
      'workOrder closed',
      'case closed',
    ])
    expect(wakes()).toBe(5)
  })

  test('the same step twice gives the same answer and one line', async () => {
    const { cases, log } = await room()
    const { workOrder } = await cases.dispatch('a1', order, duty())
    const first = await cases.accept(workOrder.id, crew())
    const lines = (await log()).length
    expect(await cases.accept(workOrder.id, { ...crew(), now: NOW + 60_000 })).toEqual(first)
    expect((await log()).length).toBe(lines)
  })

  test('numbers count up within a local day', async () => {
    const { cases, records } = await room()
    await records.alerts.put({ ...alert, id: 'a2' })
    await cases.dispatch('a1', order, duty())
    const second = await cases.dispatch('a2', order, duty())
    expect(second.case.number).toBe('20260301-0002')
  })

  test.each([
    ['critical', 0.5],
    ['high', 4],
    ['medium', 24],
    ['low', 72],
  ] as const)('%s is due after %d h', async (severity, hours) => {
    const { cases } = await room({ severity })
    const { workOrder } = await cases.dispatch('a1', order, duty())
    expect(workOrder.dueAt).toBe(NOW + hours * HOUR)
  })
})

describe('several orders', () => {
  test('a case is done when nothing is under way and something was done', async () => {
    const { cases, records } = await room()
    const first = await cases.dispatch('a1', order, duty())
    const second = await cases.dispatch('a1', { crew: 'crew-2', instructions: '' }, duty())
    expect(second.case.id).toBe(first.case.id)
    expect(second.workOrder.number).toBe('20260301-0001-2')
    await cases.accept(first.workOrder.id, crew())
    await cases.arrive(first.workOrder.id, crew())
    await cases.done(first.workOrder.id, crew('done'))
    expect((await records.cases.get(first.case.id))?.state).toBe('open')
    await cases.cancel(second.workOrder.id, duty())
    expect((await records.cases.get(first.case.id))?.state).toBe('done')
  })

  test('another order takes a closed case up again', async () => {
    const { cases, records, clearAlert } = await room()
    const { case: opened, workOrder } = await cases.dispatch('a1', order, duty())
    await cases.cancel(workOrder.id, duty())
    await clearAlert()
    await cases.close(opened.id, duty('went on by itself'))
    const again = await cases.dispatch('a1', order, duty())
    expect(again.case).toMatchObject({ id: opened.id, state: 'open', reopenedCount: 1, closedAt: null })
    expect(await records.cases.open()).toHaveLength(1)
  })

  test('reopening a done case needs new work before it is done again', async () => {
    const { cases, records } = await room()
    const { case: opened, workOrder } = await cases.dispatch('a1', order, duty())
    await cases.accept(workOrder.id, crew())
    await cases.arrive(workOrder.id, crew())
    await cases.done(workOrder.id, crew('done'))
    expect(await cases.reopen(opened.id, duty('still dark'))).toMatchObject({
      state: 'open',
      reopenedCount: 1,
    })
    const next = await cases.dispatch('a1', order, duty())
    await cases.cancel(next.workOrder.id, duty())
    expect((await records.cases.get(opened.id))?.state).toBe('open')
  })
})

describe('refusals', () => {
  test.each<[string, string, (c: Awaited<ReturnType<typeof room>>) => Promise<unknown>]>([
    ['NOT_FOUND', 'no such alert', (c) => c.cases.dispatch('none', order, duty())],
    ['NOT_FOUND', 'no such order', (c) => c.cases.accept('none', crew())],
    ['NOT_FOUND', 'no such case', (c) => c.cases.close('none', duty())],
    ['INVALID_INPUT', 'no such crew', (c) => c.cases.dispatch('a1', { ...order, crew: 'x' }, duty())],
    [
      'INVALID_INPUT',
      'a crew of another site',
      (c) => c.cases.dispatch('a1', { ...order, crew: 'crew-far' }, duty()),
    ],
    ['FORBIDDEN', 'a crew dispatching', (c) => c.cases.dispatch('a1', order, crew())],
  ])('%s: %s', async (expected, _, work) => {
    const one = await room()
    expect(await code(work(one))).toBe(expected)
    expect(await one.log()).toEqual([])
  })

  test('a retracted alert has nothing to repair', async () => {
    const { cases } = await room({ retracted: true, condition: 'cleared' })
    expect(await code(cases.dispatch('a1', order, duty()))).toBe('CONFLICT')
  })

  test('the same crew is not sent twice while at work', async () => {
    const { cases } = await room()
    await cases.dispatch('a1', order, duty())
    await expect(cases.dispatch('a1', order, duty())).rejects.toMatchObject({
      message: expect.stringContaining('work order 20260301-0001-1'),
      reason: 'crew-at-work',
    })
  })

  test('only the own crew, the grid worker of the grid and an administrator work an order', async () => {
    const { cases } = await room()
    const { workOrder } = await cases.dispatch('a1', order, duty())
    const others = [
      as('crew', undefined, { crew: 'crew-2' }),
      as('crew'),
      as('grid-worker', undefined, { grid: 'grid-2' }),
      as('grid-worker'),
      duty(),
    ]
    for (const other of others) expect(await code(cases.accept(workOrder.id, other))).toBe('FORBIDDEN')
    await cases.accept(workOrder.id, as('grid-worker', undefined, { grid: 'grid-1' }))
    await cases.arrive(workOrder.id, as('administrator'))
    expect(await code(cases.done(workOrder.id, crew()))).toBe('INVALID_INPUT')
    expect(await code(cases.done(workOrder.id, crew('fixed')))).toBe('no error')
  })

  test('steps out of order say which state it is in', async () => {
    const { cases } = await room()
    const { workOrder } = await cases.dispatch('a1', order, duty())
    await expect(cases.arrive(workOrder.id, crew())).rejects.toThrow('is assigned; only accepted can become')
    await expect(cases.done(workOrder.id, crew('x'))).rejects.toMatchObject({
      code: 'CONFLICT',
      reason: 'order-moved-on',
    })
    await cases.cancel(workOrder.id, duty())
    await expect(cases.accept(workOrder.id, crew())).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a case is not closed while an order is under way, its alert active, or nothing was done and not said why', async () => {
    const { cases, clearAlert } = await room()
    const { case: opened, workOrder } = await cases.dispatch('a1', order, duty())
    const refused = (reason: string, message: string) => ({
      reason,
      message: expect.stringContaining(message),
    })
    await expect(cases.close(opened.id, duty())).rejects.toMatchObject(
      refused('orders-under-way', 'still under way'),
    )
    await cases.cancel(workOrder.id, duty())
    await expect(cases.close(opened.id, duty())).rejects.toMatchObject(
      refused('alert-active', 'still active'),
    )
    await clearAlert()
    await expect(cases.close(opened.id, duty())).rejects.toMatchObject(
      refused('note-missing', 'needs a note'),
    )
    const closed = await cases.close(opened.id, duty('false report'))
    expect(closed.state).toBe('closed')
    expect(await cases.close(opened.id, duty())).toEqual(closed)
    expect(await code(cases.reopen(opened.id, duty()))).toBe('INVALID_INPUT')
    expect((await cases.reopen(opened.id, duty('again'))).state).toBe('open')
    expect(await code(cases.reopen(opened.id, duty('again')))).toBe('CONFLICT')
  })
})

test('what became worse since the case was opened makes it, and what is ordered now, more urgent', async () => {
  const { cases, records, log } = await room({ severity: 'low' })
  const first = await cases.dispatch('a1', order, duty())
  expect(first.workOrder).toMatchObject({ severity: 'low', dueAt: NOW + 72 * HOUR })
  const found = await records.alerts.get('a1')
  if (found) await records.alerts.put({ ...found, severity: 'critical' })
  const second = await cases.dispatch('a1', { ...order, crew: 'crew-2' }, duty())
  expect(second.case).toMatchObject({ severity: 'critical', dueAt: NOW + HOUR / 2 })
  expect(second.workOrder).toMatchObject({ severity: 'critical', dueAt: NOW + HOUR / 2 })
  if (found) await records.alerts.put({ ...found, severity: 'low' })
  const third = await cases.dispatch('a1', { ...order, crew: 'crew-3' }, duty())
  expect(third.workOrder).toMatchObject({ severity: 'critical' })
  expect((await log()).filter((word) => word.startsWith('case '))).toEqual([
    'case opened',
    'case severity-raised',
  ])
})
