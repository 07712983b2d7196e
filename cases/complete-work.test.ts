/** A bin that is seen to be emptied ends the work that asked for it. */
import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import type { WorkOrderState } from '../model/case.ts'
import { manualClock } from '../model/clock.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import { context, device, directoryOf, finding, user } from '../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { createCases } from './cases.ts'
import { caseOptions } from './options.ts'

const NOW = 1_000_000
const text = (words: string) => ({ zh: words, en: words })
const full: Alert = {
  id: 'full-1',
  rule: 'bin-full',
  ref: 'B1',
  kind: 'sanitation',
  severity: 'low',
  title: text('full'),
  reason: text('82 %'),
  site: 'east',
  grid: 'grid-1',
  device: 'bin-1',
  deviceType: 'bin',
  devices: ['bin-1'],
  place: text('north gate'),
  condition: 'cleared',
  attention: 'unacknowledged',
  raisedAt: 1,
  clearedAt: 2,
  firstSeenAt: 1,
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
const emptied = finding({
  rule: 'bin-emptied',
  ref: 'B3',
  kind: 'sanitation',
  severity: 'low',
  device: 'bin-1',
  reason: { zh: '已清运', en: 'Emptied' },
  completes: ['bin-full', 'bin-collection-late'],
})
const duty = (note?: string) => context('duty-officer', NOW, note)
const crew = (note?: string) => ({
  ...context('crew', NOW, note),
  actor: user('crew', { crew: 'crew-1' }),
})

async function room(patch: Partial<Alert> = {}) {
  const records = memoryRecords()
  await records.alerts.put({ ...full, ...patch })
  const crews = ['crew-1', 'crew-2'].map((id) => ({ id, name: text(id), site: null, deviceTypes: [] }))
  const directory = directoryOf([device('bin-1'), device('bin-2')], crews)
  const cases = createCases(caseOptions.parse({}), {
    records,
    directory: () => directory,
    clock: manualClock(NOW + 5),
    logger: silentLogger,
    metrics: noMetrics,
    changed: () => {},
  })
  const dispatch = (name: string) =>
    cases.dispatch('full-1', { crew: name, instructions: '' }, duty()).then(({ workOrder }) => workOrder.id)
  const hear = (patch: Partial<typeof emptied> = {}) =>
    records.transaction((tx) => cases.applyFindings(tx, [{ ...emptied, ...patch }]))
  const states = async () => {
    const [value] = await records.cases.recent(1)
    return [value?.state, ...(await records.workOrders.ofCase(value?.id ?? '')).map(({ state }) => state)]
  }
  return { records, cases, dispatch, hear, states }
}

describe('emptied', () => {
  test.each<[WorkOrderState, number]>([
    ['assigned', 0],
    ['accepted', 1],
    ['arrived', 2],
    ['done', 3],
  ])('a work order that is %s is over, and its case is closed', async (state, steps) => {
    const { cases, dispatch, hear, states } = await room()
    const id = await dispatch('crew-1')
    const work = [
      () => cases.accept(id, crew()),
      () => cases.arrive(id, crew()),
      () => cases.done(id, crew('did')),
    ]
    for (const step of work.slice(0, steps)) await step()
    expect((await states())[1]).toBe(state)
    await hear()
    expect(await states()).toEqual(['closed', 'closed'])
  })

  test('says in the log what was seen, and that nobody reported it', async () => {
    const { records, dispatch, hear } = await room()
    const id = await dispatch('crew-1')
    await hear()
    const lines = await records.changes.of('workOrder', id)
    expect(lines.map(({ action, actor, note, at }) => [action, actor, note, at]).slice(1)).toEqual([
      ['done', 'rules', '已清运 · Emptied', NOW + 5],
      ['closed', 'rules', '已清运 · Emptied', NOW + 5],
    ])
    expect(await records.workOrders.get(id)).toMatchObject({
      doneAt: NOW + 5,
      doneBy: 'rules',
      doneNote: '已清运 · Emptied',
    })
  })

  test('ends the orders of all crews in it, but not what a crew had done', async () => {
    const { records, cases, dispatch, hear, states } = await room()
    const [first, second] = [await dispatch('crew-1'), await dispatch('crew-2')]
    await cases.accept(first, crew())
    await cases.arrive(first, crew())
    await cases.done(first, crew('did it'))
    await hear()
    expect(await states()).toEqual(['closed', 'closed', 'closed'])
    expect((await records.workOrders.get(first))?.doneNote).toBe('did it')
    expect((await records.workOrders.get(second))?.doneBy).toBe('rules')
  })

  test('leaves the case to a person while its alert is active', async () => {
    const { dispatch, hear, states } = await room({ condition: 'active', clearedAt: null })
    await dispatch('crew-1')
    await hear()
    expect(await states()).toEqual(['done', 'done'])
  })

  test.each<[string, Partial<Alert>, Partial<typeof emptied>]>([
    ['about something else', { rule: 'bin-fire' }, {}],
    ['at another bin', {}, { device: 'bin-2' }],
    ['for another finding', {}, { completes: undefined }],
    ['when the emptying ends', {}, { change: 'ended' }],
    ['when it never was', {}, { change: 'retracted' }],
    ['when it filled again since', { condition: 'active', clearedAt: null, raisedAt: 9 }, { at: 8 }],
  ])('does nothing to an order %s', async (_, alert, patch) => {
    const { dispatch, hear, states } = await room(alert)
    await dispatch('crew-1')
    await hear(patch)
    expect(await states()).toEqual(['open', 'assigned'])
  })

  test('again, changes nothing', async () => {
    const { records, dispatch, hear } = await room()
    await dispatch('crew-1')
    await hear()
    const before = await records.changes.head()
    await hear()
    expect(await records.changes.head()).toEqual(before)
  })
})
