import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { manualClock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import { context, device, directoryOf, finding } from '../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { createAlerts } from './alerts.ts'
import { alertOptions } from './options.ts'

const NOW = 1_000_000
const DAY = 86_400_000

function room() {
  const records = memoryRecords()
  const clock = manualClock(NOW)
  let wakes = 0
  const directory = directoryOf([device('lamp-1'), device('lamp-2'), device('lamp-3')])
  const alerts = createAlerts(alertOptions.parse({}), {
    records,
    directory: () => directory,
    clock,
    logger: silentLogger,
    metrics: noMetrics,
    changed: () => {
      wakes++
    },
  })
  const hear = (...findings: Finding[]) => records.transaction((tx) => alerts.applyFindings(tx, findings))
  const get = async (id: string): Promise<Alert> => {
    const alert = await records.alerts.get(id)
    if (!alert) throw new Error(`no alert ${id}`)
    return alert
  }
  const log = async () => (await records.changes.after(0, 1000)).map((change) => change.action)
  return { records, clock, alerts, hear, get, log, wakes: () => wakes }
}
/** The refusal's code and, when it has one, its reason. */
const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof LinliError ? [error.code, error.reason] : error),
  )
const duty = (note?: string) => context('duty-officer', NOW, note)

describe('commands', () => {
  test('acknowledge, undo, clear: each a line in the log with its person, each waking the feed', async () => {
    const { alerts, hear, records, wakes } = room()
    await hear(finding({ episode: 'a' }))
    expect(await alerts.acknowledge('a', duty('on it'))).toMatchObject({
      attention: 'acknowledged',
      acknowledgedAt: NOW,
      acknowledgedBy: 'duty-officer',
    })
    await alerts.unacknowledge('a', duty())
    await alerts.clear('a', duty('lamp replaced'))
    const lines = await records.changes.of('alert', 'a')
    expect(lines.map(({ action, actor, note }) => [action, actor, note])).toEqual([
      ['raised', 'rules', null],
      ['acknowledged', 'duty-officer', 'on it'],
      ['unacknowledged', 'duty-officer', null],
      ['cleared', 'duty-officer', 'lamp replaced'],
    ])
    expect(wakes()).toBe(3)
  })

  test('acknowledging twice gives the same answer and one line', async () => {
    const { alerts, hear, log, wakes } = room()
    await hear(finding({ episode: 'a' }))
    const first = await alerts.acknowledge('a', duty())
    const second = await alerts.acknowledge('a', { ...duty(), now: NOW + 5_000 })
    expect(second).toEqual(first)
    expect(await log()).toEqual(['raised', 'acknowledged'])
    expect(wakes()).toBe(1)
  })

  test('who cleared has seen; what is over and seen is off the list', async () => {
    const { alerts, hear, records } = room()
    await hear(finding({ episode: 'a' }))
    expect(await alerts.clear('a', duty('checked'))).toMatchObject({
      condition: 'cleared',
      attention: 'acknowledged',
    })
    expect(await records.alerts.open()).toEqual([])
  })

  test('reopen brings it back, unacknowledged and counted', async () => {
    const { alerts, hear } = room()
    await hear(finding({ episode: 'a' }))
    await alerts.clear('a', duty('checked'))
    expect(await alerts.reopen('a', duty('still dark'))).toMatchObject({
      condition: 'active',
      attention: 'unacknowledged',
      reopenedCount: 1,
    })
  })

  test('refusals carry their code and reason and write nothing', async () => {
    const { alerts, hear, log, wakes } = room()
    await hear(finding({ episode: 'a' }), finding({ episode: 'c', severity: 'critical', kind: 'safety' }))
    const later = NOW + 3_600_000
    const refusals: [string, Promise<unknown>, string?][] = [
      ['NOT_FOUND', alerts.acknowledge('none', duty())],
      ['FORBIDDEN', alerts.acknowledge('a', context('crew', NOW))],
      ['FORBIDDEN', alerts.shelve('a', later, context('grid-worker', NOW, 'why'))],
      ['INVALID_INPUT', alerts.shelve('a', later, duty()), 'note-missing'],
      ['INVALID_INPUT', alerts.shelve('a', later, duty('  ')), 'note-missing'],
      ['INVALID_INPUT', alerts.shelve('a', NOW, duty('why')), 'shelf-in-past'],
      ['INVALID_INPUT', alerts.shelve('a', NOW + 7 * DAY + 1, duty('why')), 'shelf-too-long'],
      ['CONFLICT', alerts.shelve('c', later, duty('why')), 'alert-critical'],
      ['CONFLICT', alerts.reopen('a', duty('why')), 'alert-active'],
      ['INVALID_INPUT', alerts.clear('a', duty()), 'note-missing'],
    ]
    for (const [code, work, reason] of refusals) expect(await refusal(work)).toEqual([code, reason])
    expect(await log()).toEqual(['raised', 'raised'])
    expect(wakes()).toBe(0)
  })
})

describe('sweep', () => {
  test('ends shelves and lapses acknowledgements once, and is quiet otherwise', async () => {
    const { alerts, hear, get, log, wakes } = room()
    await hear(finding({ episode: 'shelved' }), finding({ episode: 'seen', severity: 'high' }))
    await alerts.shelve('shelved', NOW + 2 * DAY, duty('parts ordered'))
    await alerts.acknowledge('seen', duty())
    expect(await alerts.sweep(NOW + 59 * 60_000)).toBe(0)
    expect(await alerts.sweep(NOW + 3_600_000)).toBe(1)
    expect(await get('seen')).toMatchObject({ attention: 'unacknowledged', acknowledgedBy: null })
    expect(await alerts.sweep(NOW + 3_600_000)).toBe(0)
    expect(await alerts.sweep(NOW + 2 * DAY)).toBe(1)
    expect(await get('shelved')).toMatchObject({ shelvedUntil: null, attention: 'unacknowledged' })
    expect((await log()).slice(-2)).toEqual(['acknowledgement-expired', 'unshelved'])
    expect(wakes()).toBe(4)
  })
})

describe('a device that fails all day', () => {
  const episode = (n: number, patch: Partial<Finding> = {}): Finding[] => {
    const one = { episode: `f${n}`, startedAt: 1_000 * n, rule: 'offline', kind: 'device', ...patch } as const
    return [finding(one), finding({ ...one, change: 'ended', ended: true, at: 1_000 * n + 500 })]
  }
  const times = Array.from({ length: 20 }, (_, index) => index + 1)

  test('is one line that nobody has looked at; the former ones gave way to it', async () => {
    const { hear, records, get, log } = room()
    for (const n of times) await hear(...episode(n))
    expect((await records.alerts.open()).map(({ id }) => id)).toEqual(['f20'])
    expect(await get('f19')).toMatchObject({ attention: 'acknowledged', acknowledgedBy: 'rules' })
    expect((await log()).filter((word) => word === 'superseded')).toHaveLength(19)
  })
  test('but every call about people waits for a person, and so does what is active', async () => {
    for (const patch of [{ kind: 'welfare' }, { kind: 'safety' }, { severity: 'critical' }] as const) {
      const { hear, records } = room()
      for (const n of times) await hear(...episode(n, patch))
      expect(await records.alerts.open()).toHaveLength(20)
    }
    const { hear, records } = room()
    for (const n of times) await hear(...episode(n).slice(0, 1))
    expect(await records.alerts.open()).toHaveLength(20)
  })
})

describe('a common cause', () => {
  const lamp = (n: number, patch: Partial<Finding> = {}) =>
    finding({ episode: `l${n}`, device: `lamp-${n}`, rule: 'dark', ...patch })
  const circuit = finding({
    episode: 'circuit',
    rule: 'circuit-out',
    device: 'lamp-1',
    devices: ['lamp-1', 'lamp-2', 'lamp-3'],
    inhibits: ['dark'],
    severity: 'high',
  })
  const restored = { ...circuit, change: 'ended', ended: true, at: 9_000 } as const

  test('holds what is open and what comes later, and releases what outlives it', async () => {
    const { hear, get } = room()
    await hear(lamp(1), lamp(2, { severity: 'critical' }))
    await hear(circuit)
    await hear(lamp(3))
    expect((await get('l1')).inhibitedBy).toBe('circuit')
    expect((await get('l2')).inhibitedBy).toBeNull()
    expect((await get('l3')).inhibitedBy).toBe('circuit')
    expect((await get('circuit')).place.en).toBe('place of lamp-1 and 2 more')
    await hear(restored)
    expect((await get('l1')).inhibitedBy).toBeNull()
    expect((await get('l3')).inhibitedBy).toBeNull()
  })

  test('what comes back soon after its cause is never announced, what does not is released by the sweep', async () => {
    const { alerts, hear, get, log } = room()
    await hear(circuit, lamp(1), lamp(2))
    await hear({ ...restored, at: NOW })
    await hear(lamp(1, { change: 'ended', ended: true, at: NOW + 2_000 }))
    expect(await alerts.sweep(NOW + 59_000)).toBe(0)
    expect(await alerts.sweep(NOW + 60_000)).toBe(1)
    expect(await get('l2')).toMatchObject({ condition: 'active', inhibitedBy: null })
    expect(await log()).toEqual(['raised', 'raised', 'raised', 'cleared', 'cleared', 'released'])
    expect(await alerts.sweep(NOW + 60_000)).toBe(0)
  })

  test('an alert that turns critical while its cause is just over comes out at once', async () => {
    const { hear, get } = room()
    await hear(circuit, lamp(1))
    await hear({ ...restored, at: NOW })
    await hear(lamp(1, { change: 'severity', severity: 'critical' }))
    expect((await get('l1')).inhibitedBy).toBeNull()
  })

  test('a later member goes under its cause in its first line', async () => {
    const { hear, log } = room()
    await hear(circuit)
    await hear(lamp(2))
    expect(await log()).toEqual(['raised', 'raised'])
  })

  test('what came and went under its cause is seen with it; what goes on is not', async () => {
    const { alerts, hear, get, records } = room()
    await hear(circuit, lamp(1), lamp(2), lamp(3))
    await hear(lamp(1, { change: 'ended', ended: true, at: 5_000 }))
    await alerts.acknowledge('circuit', duty())
    expect(await get('l1')).toMatchObject({ attention: 'acknowledged', acknowledgedBy: 'duty-officer' })
    await hear(lamp(2, { change: 'ended', ended: true, at: 6_000 }))
    expect((await get('l2')).attention).toBe('acknowledged')
    await hear(restored)
    expect((await records.alerts.open()).map((alert) => alert.id)).toEqual(['l3'])
    expect(await get('l3')).toMatchObject({ attention: 'unacknowledged', inhibitedBy: null })
  })

  test('a cause that never was holds nothing', async () => {
    const { hear, get, log } = room()
    await hear(lamp(1), circuit)
    await hear({ ...circuit, change: 'retracted', ended: true, at: 9_000 })
    expect((await get('l1')).inhibitedBy).toBeNull()
    expect(await log()).toEqual(['raised', 'raised', 'inhibited', 'retracted', 'released'])
  })

  test('under a cause whose end lies ahead, because the clock was set back, nothing stays hidden', async () => {
    const { clock, alerts, hear, get } = room()
    await hear(circuit, lamp(1))
    await hear({ ...restored, at: NOW + 365 * DAY })
    expect((await get('l1')).inhibitedBy).toBeNull()
    clock.advance(5_000)
    expect(await alerts.sweep(clock.now())).toBe(0)
  })

  test('a batch that is rolled back leaves nothing', async () => {
    const { alerts, records } = room()
    const failing = records.transaction(async (tx) => {
      await alerts.applyFindings(tx, [circuit, lamp(1)])
      throw new Error('disk')
    })
    await expect(failing).rejects.toThrow('disk')
    expect(await records.alerts.open()).toEqual([])
    expect(await records.changes.after(0, 10)).toEqual([])
  })
})

describe('a rule that people changed', () => {
  test('is told in the log of each alert it has open, and of no other', async () => {
    const { alerts, hear, records } = room()
    await hear(
      finding({ episode: 'open' }),
      finding({ episode: 'over', device: 'lamp-2' }),
      finding({ episode: 'over', device: 'lamp-2', change: 'ended', at: 2_000 }),
      finding({ episode: 'other', rule: 'rule-2', device: 'lamp-3' }),
    )
    const title = { zh: '新名称', en: 'New name' }
    const change = { rule: 'rule-1', actor: 'supervisor', note: 'v3 · lamps are brighter here', title }
    expect(await records.transaction((tx) => alerts.noteRuleChange(tx, change))).toBe(1)
    const lines = await records.changes.after(0, 100)
    expect(lines.filter(({ action }) => action === 'rule-changed')).toMatchObject([
      {
        actor: 'supervisor',
        note: 'v3 · lamps are brighter here',
        after: { id: 'open', condition: 'active', title },
      },
    ])
  })

  test('and switched off keeps its name and what was seen', async () => {
    const { alerts, hear, records, get } = room()
    await hear(finding({ episode: 'open' }))
    const { title, reason } = await get('open')
    const change = { rule: 'rule-1', actor: 'supervisor', note: 'v4', title: undefined }
    await records.transaction((tx) => alerts.noteRuleChange(tx, change))
    expect(await get('open')).toMatchObject({ title, reason })
  })
})
