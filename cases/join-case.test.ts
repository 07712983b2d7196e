/** A fault that comes again while it is being repaired belongs to the case that is open. */
import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { manualClock } from '../model/clock.ts'
import type { Finding } from '../model/finding.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import { context, device, directoryOf, finding, user } from '../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { createCases } from './cases.ts'
import { caseOptions } from './options.ts'

const NOW = 1_000_000_000
const DAY = 86_400_000
const sameCase = 30 * DAY
const text = (words: string) => ({ zh: words, en: words })
const dark = (id: string, patch: Partial<Alert> = {}): Alert => ({
  ...{ id, rule: 'lamp-dark', ref: 'L2', kind: 'maintenance', severity: 'medium' },
  ...{ title: text('dark'), reason: text('0 W'), site: 'east', grid: 'grid-1' },
  ...{ device: 'lamp-1', deviceType: 'streetlight', devices: ['lamp-1'], place: text('gate') },
  ...{ condition: 'active', attention: 'unacknowledged', raisedAt: 1, clearedAt: null, firstSeenAt: 1 },
  ...{ retracted: false, lateBy: 0, acknowledgedAt: null, acknowledgedBy: null },
  ...{ shelvedUntil: null, shelvedReason: null, reopenedCount: 0, inhibitedBy: null, inhibits: [] },
  ...{ caseId: null, evidence: {}, version: 1 },
  ...patch,
})

async function room(first: Partial<Alert> = {}) {
  const records = memoryRecords()
  const clock = manualClock(NOW)
  await records.alerts.put(dark('first', first))
  const crews = [{ id: 'crew-1', name: text('one'), site: null, deviceTypes: [] }]
  const directory = directoryOf([device('lamp-1'), device('lamp-2')], crews)
  const cases = createCases(caseOptions.parse({}), {
    ...{ records, clock, logger: silentLogger, metrics: noMetrics },
    directory: () => directory,
    changed: () => {},
  })
  const duty = (note?: string) => context('duty-officer', clock.now(), note)
  const crew = (note?: string) => ({ ...duty(note), actor: user('crew', { crew: 'crew-1' }) })
  const { case: opened, workOrder } = await cases.dispatch(
    'first',
    { crew: 'crew-1', instructions: '' },
    duty(),
  )
  /** The first is over, another one is raised. */
  const again = async (patch: Partial<Alert> = {}, more: Partial<Finding> = {}) => {
    const former = (await records.alerts.get('first')) as Alert
    await records.alerts.put({ ...former, condition: 'cleared', clearedAt: 2 })
    const alert = dark('again', patch)
    await records.alerts.put(alert)
    const { rule, device: where } = alert
    const told = finding({ episode: 'again', rule, device: where, sameCase, ...more })
    await records.transaction((tx) => cases.applyFindings(tx, [told]))
    return (await records.alerts.get('again'))?.caseId ?? null
  }
  const repair = async () => {
    await cases.accept(workOrder.id, crew())
    await cases.arrive(workOrder.id, crew())
    await cases.done(workOrder.id, crew('new lamp'))
  }
  return { records, clock, cases, duty, opened, workOrder, again, repair }
}

describe('the same fault again', () => {
  test('belongs to the open case, and the logs of both say so', async () => {
    const { records, again, opened, workOrder } = await room()
    expect(await again()).toBe(opened.id)
    expect((await records.changes.of('alert', 'again')).map(({ action }) => action)).toEqual(['case-joined'])
    expect((await records.changes.of('case', opened.id)).map(({ action }) => action)).toEqual([
      'opened',
      'happened-again',
    ])
    expect(await records.workOrders.get(workOrder.id)).toMatchObject({ state: 'assigned' })
    expect(await records.cases.open()).toHaveLength(1)
  })

  test('is no second repair: the crew that is at work is not sent again', async () => {
    const { cases, again, duty } = await room()
    await again()
    const order = { crew: 'crew-1', instructions: '' }
    await expect(cases.dispatch('again', order, duty())).rejects.toMatchObject({ reason: 'crew-at-work' })
  })

  test('the case cannot be closed while it lasts', async () => {
    const { records, cases, again, duty, opened, repair } = await room()
    await again()
    await repair()
    await expect(cases.close(opened.id, duty('ok'))).rejects.toMatchObject({ reason: 'alert-active' })
    await records.alerts.put(dark('again', { condition: 'cleared', clearedAt: 3, caseId: opened.id }))
    expect(await cases.close(opened.id, duty('ok'))).toMatchObject({ state: 'closed' })
  })

  test('what the crew had done did not put it right: the case is open again and needs new work', async () => {
    const { records, cases, again, duty, opened, workOrder, repair } = await room()
    await repair()
    await again({ severity: 'high' })
    expect(await records.cases.get(opened.id)).toMatchObject({
      state: 'open',
      severity: 'high',
      alertId: 'again',
    })
    expect(await records.workOrders.get(workOrder.id)).toMatchObject({
      state: 'closed',
      doneNote: 'new lamp',
    })
    const next = await cases.dispatch('again', { crew: 'crew-1', instructions: '' }, duty())
    expect(next.case.id).toBe(opened.id)
    expect((await records.cases.get(opened.id))?.state).toBe('open')
  })

  test('of a circuit, whichever lamp is named', async () => {
    const devices = ['lamp-1', 'lamp-2']
    const { again, opened } = await room({ rule: 'circuit-outage', devices })
    expect(await again({ rule: 'circuit-outage', device: 'lamp-2', devices })).toBe(opened.id)
  })

  test.each<[string, Partial<Alert>, Partial<Finding>]>([
    ['another fault', { rule: 'lamp-cycling' }, {}],
    ['another lamp', { device: 'lamp-2', devices: ['lamp-2'] }, {}],
    ['a rule that says nothing of it', {}, { sameCase: undefined }],
    ['what is over when it is found', { condition: 'cleared', clearedAt: 3 }, {}],
    ['what has only ended', {}, { change: 'ended' }],
    ['what a common cause explains', { inhibitedBy: 'outage' }, {}],
    ['a lamp of another site', { site: 'west' }, {}],
  ])('but not %s', async (_, patch, more) => {
    expect(await (await room()).again(patch, more)).toBeNull()
  })

  test('is looked for among the cases of its own devices: not in the alerts of all that are open', async () => {
    const { records, again, opened } = await room()
    const other = { id: 'newer', number: 'newer', device: 'lamp-2', alertId: 'of-newer' }
    await records.cases.put({ ...opened, ...other, openedAt: opened.openedAt + 1 })
    const read: string[] = []
    const { transaction } = records
    records.transaction = (work) =>
      transaction((tx) => {
        const get = (id: string) => {
          read.push(id)
          return tx.alerts.get(id)
        }
        return work({ ...tx, alerts: { ...tx.alerts, get } })
      })
    expect(await again()).toBe(opened.id)
    expect(read).not.toContain('of-newer')
  })

  test('up to 30 days after the case was opened, and not once it is closed', async () => {
    const late = await room()
    late.clock.advance(sameCase)
    expect(await late.again()).toBe(late.opened.id)
    const tooLate = await room()
    tooLate.clock.advance(sameCase + 1)
    expect(await tooLate.again()).toBeNull()
    const closed = await room({ condition: 'cleared', clearedAt: 2 })
    await closed.repair()
    await closed.cases.close(closed.opened.id, closed.duty())
    expect(await closed.again()).toBeNull()
  })
})
