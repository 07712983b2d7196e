/** What every engine of the records must do. */
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import type { Case, WorkOrder } from '../../model/case.ts'
import type { NewChange } from '../../model/change.ts'
import type { LatestReading } from '../../model/live-feed.ts'
import type { Records } from '../../model/ports/records.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import type { Session, User } from '../../model/user.ts'

export interface RecordsEngine {
  /** New, empty records; closed by the test. */
  open(): Promise<Records>
}

const text = (words: string) => ({ zh: `${words}警`, en: words })

export function anAlert(id: string, patch: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: 'rule-1',
    ref: 'L2',
    kind: 'maintenance',
    severity: 'medium',
    title: text('title'),
    reason: text('it\'s "broken"'),
    site: 'east',
    grid: null,
    device: 'lamp-1',
    deviceType: 'streetlight',
    devices: [],
    place: text('place'),
    condition: 'active',
    attention: 'unacknowledged',
    raisedAt: 1_000,
    clearedAt: null,
    firstSeenAt: 1_100,
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
    evidence: { power: 0.25 },
    version: 1,
    ...patch,
  }
}

function aCase(id: string, patch: Partial<Case> = {}): Case {
  return {
    id,
    number: '20260301-0001',
    source: 'alert',
    alertId: null,
    kind: 'maintenance',
    severity: 'medium',
    title: text('title'),
    site: 'east',
    grid: null,
    device: null,
    place: text('place'),
    state: 'open',
    openedAt: 1_000,
    openedBy: 'duty',
    dueAt: 2_000,
    closedAt: null,
    reopenedCount: 0,
    version: 1,
    ...patch,
  }
}

function anOrder(id: string, patch: Partial<WorkOrder> = {}): WorkOrder {
  return {
    id,
    number: '20260301-0001-1',
    caseId: 'case-1',
    crew: 'lamps',
    state: 'assigned',
    title: text('title'),
    place: text('place'),
    severity: 'medium',
    kind: 'maintenance',
    site: 'east',
    device: null,
    instructions: '',
    dueAt: 2_000,
    createdAt: 1_000,
    createdBy: 'duty',
    acceptedAt: null,
    acceptedBy: null,
    arrivedAt: null,
    doneAt: null,
    doneBy: null,
    doneNote: null,
    closedAt: null,
    version: 1,
    ...patch,
  }
}

export function aChange(alert: Alert, at = 1_000): NewChange {
  return { at, entity: 'alert', action: 'raised', actor: 'rules', note: null, after: alert }
}

const aSession = (idHash: string, login: string, expiresAt: number): Session => ({
  idHash,
  login,
  createdAt: 1,
  expiresAt,
})

const aReading = (device: string, ts: number): LatestReading => ({
  device,
  ts,
  receivedAt: ts + 10,
  online: true,
  values: { open: true },
})

const aUser = (login: string, patch: Partial<User> = {}): User => ({
  login,
  name: '王',
  role: 'crew',
  crew: 'lamps',
  grid: null,
  passwordHash: null,
  disabled: false,
  ...patch,
})

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

type Run = (work: (records: Records) => Promise<void>) => () => Promise<void>

export function recordsContract(name: string, engine: RecordsEngine): void {
  const run: Run = (work) => async () => {
    const records = await engine.open()
    try {
      await work(records)
    } finally {
      await records.close()
    }
  }
  describe(`${name}: records contract`, () => {
    describe('alerts', () => alertTests(run))
    describe('cases and work orders', () => caseTests(run))
    describe('change log', () => changeTests(run))
    describe('positions', () => positionTests(run))
    describe('rule versions', () => ruleTests(run))
    describe('people', () => peopleTests(run))
    describe('transactions', () => transactionTests(run))
  })
}

function alertTests(run: Run): void {
  test(
    'an alert is as it was put last',
    run(async ({ alerts }) => {
      expect(await alerts.get('a')).toBeUndefined()
      await alerts.put(anAlert('a'))
      await alerts.put(anAlert('a', { severity: 'high', version: 2, devices: ['lamp-1', 'lamp-2'] }))
      expect(await alerts.get('a')).toEqual(
        anAlert('a', { severity: 'high', version: 2, devices: ['lamp-1', 'lamp-2'] }),
      )
    }),
  )

  test(
    'open ones are active or not acknowledged',
    run(async ({ alerts }) => {
      const cleared = { condition: 'cleared', clearedAt: 5_000 } as const
      const seen = { attention: 'acknowledged' } as const
      await alerts.put(anAlert('active'))
      await alerts.put(anAlert('active-seen', seen))
      await alerts.put(anAlert('cleared', cleared))
      await alerts.put(anAlert('over', { ...cleared, ...seen }))
      expect(idsOf(await alerts.open()).sort()).toEqual(['active', 'active-seen', 'cleared'])
      await alerts.put(anAlert('active-seen', { ...cleared, ...seen }))
      expect(idsOf(await alerts.open()).sort()).toEqual(['active', 'cleared'])
    }),
  )

  test(
    'found newest first, by span, site and device, those about several devices too',
    run(async ({ alerts }) => {
      await alerts.put(anAlert('1', { raisedAt: 1_000, clearedAt: 2_000 }))
      await alerts.put(anAlert('2', { raisedAt: 3_000, device: 'lamp-2', site: 'west' }))
      await alerts.put(anAlert('3', { raisedAt: 2_000, device: 'lamp-3', devices: ['lamp-3', 'lamp-1'] }))
      const find = async (query: object) => idsOf(await alerts.find({ limit: 10, ...query }))
      expect(await find({})).toEqual(['2', '3', '1'])
      expect(await find({ limit: 2 })).toEqual(['2', '3'])
      expect(await find({ site: 'west' })).toEqual(['2'])
      expect(await find({ device: 'lamp-1' })).toEqual(['3', '1'])
      expect(await find({ from: 2_001 })).toEqual(['2', '3'])
      expect(await find({ from: 2_000, to: 2_500 })).toEqual(['3', '1'])
      expect(await find({ to: 999 })).toEqual([])
      await alerts.put(anAlert('3', { raisedAt: 2_000, device: 'lamp-3', devices: ['lamp-3'] }))
      expect(await find({ device: 'lamp-1' })).toEqual(['1'])
    }),
  )
}

function caseTests(run: Run): void {
  test(
    'cases: put, get, open, newest first',
    run(async ({ cases }) => {
      await cases.put(aCase('1', { openedAt: 1_000 }))
      await cases.put(aCase('2', { openedAt: 3_000, state: 'closed' }))
      await cases.put(aCase('3', { openedAt: 2_000, state: 'done' }))
      expect(await cases.get('2')).toEqual(aCase('2', { openedAt: 3_000, state: 'closed' }))
      expect(await cases.get('9')).toBeUndefined()
      expect(idsOf(await cases.open()).sort()).toEqual(['1', '3'])
      expect(idsOf(await cases.recent(2))).toEqual(['2', '3'])
    }),
  )

  test(
    'each day counts from 1',
    run(async ({ cases }) => {
      expect(await cases.nextNumber('20260301')).toBe(1)
      expect(await cases.nextNumber('20260301')).toBe(2)
      expect(await cases.nextNumber('20260302')).toBe(1)
      const many = await Promise.all(Array.from({ length: 20 }, () => cases.nextNumber('20260303')))
      expect(many.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    }),
  )

  test(
    'work orders: of a case, open ones, of a crew',
    run(async ({ workOrders }) => {
      await workOrders.put(anOrder('1', { createdAt: 1 }))
      await workOrders.put(anOrder('2', { createdAt: 2, crew: 'lifts' }))
      await workOrders.put(anOrder('3', { createdAt: 3, state: 'done' }))
      await workOrders.put(anOrder('4', { createdAt: 4, state: 'closed' }))
      await workOrders.put(anOrder('5', { createdAt: 5, state: 'cancelled', caseId: 'case-2' }))
      expect(await workOrders.get('3')).toEqual(anOrder('3', { createdAt: 3, state: 'done' }))
      expect(idsOf(await workOrders.ofCase('case-1'))).toEqual(['1', '2', '3', '4'])
      expect(idsOf(await workOrders.open())).toEqual(['1', '2', '3'])
      expect(idsOf(await workOrders.open('lamps'))).toEqual(['1', '3'])
    }),
  )
}

function changeTests(run: Run): void {
  test(
    'changes get 1, 2, 3 …, each naming the one before',
    run(async ({ changes }) => {
      expect((await changes.head()).seq).toBe(0)
      expect(await changes.firstSeq()).toBe(0)
      const made = [await changes.append(aChange(anAlert('a'))), await changes.append(aChange(anAlert('b')))]
      expect(made.map(({ seq, prevSeq }) => [seq, prevSeq])).toEqual([
        [1, 0],
        [2, 1],
      ])
      expect(await changes.after(0, 10)).toEqual(made)
      expect(await changes.after(1, 10)).toEqual(made.slice(1))
      expect(await changes.after(0, 1)).toEqual(made.slice(0, 1))
      expect(await changes.of('alert', 'a')).toEqual(made.slice(0, 1))
      expect(await changes.of('case', 'a')).toEqual([])
      expect((await changes.head()).seq).toBe(2)
    }),
  )

  test(
    'many at once leave no gap',
    run(async ({ changes }) => {
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, i) => changes.append(aChange(anAlert(`a${i}`)))),
      )
      expect(made.map((change) => change.seq).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
      expect((await changes.after(0, 100)).map((change) => change.seq)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
    }),
  )

  test(
    'forgotten numbers are never given again',
    run(async ({ changes }) => {
      const { epoch } = await changes.head()
      for (const at of [10, 20, 30]) await changes.append(aChange(anAlert('a'), at))
      expect(await changes.trim(30)).toBe(2)
      expect(await changes.firstSeq()).toBe(3)
      expect(await changes.trim(100)).toBe(1)
      expect(await changes.firstSeq()).toBe(0)
      expect(await changes.head()).toEqual({ epoch, seq: 3 })
      expect((await changes.append(aChange(anAlert('a'), 200))).seq).toBe(4)
      expect(await changes.firstSeq()).toBe(4)
    }),
  )
}

function positionTests(run: Run): void {
  test(
    'cursors start at 0',
    run(async ({ cursors }) => {
      expect(await cursors.get('rules')).toBe(0)
      await cursors.set('rules', 7)
      await cursors.set('rules', 9_007_199_254_740_991)
      await cursors.set('other', 1)
      expect(await cursors.get('rules')).toBe(9_007_199_254_740_991)
    }),
  )

  test(
    'rule state: keys are written, replaced, deleted; the others stay',
    run(async ({ ruleState }) => {
      const many = Array.from({ length: 1_200 }, (_, i): [string, string] => [`k${i}`, `{"n":${i}}`])
      await ruleState.save(new Map(many))
      await ruleState.save(
        new Map<string, string | null>([
          ['k0', null],
          ['k1', '"new"'],
          ['unknown', null],
        ]),
      )
      const expected = new Map(many)
      expected.delete('k0')
      expected.set('k1', '"new"')
      expect(await ruleState.load()).toEqual(expected)
      await ruleState.save(new Map())
      expect((await ruleState.load()).size).toBe(1_199)
    }),
  )

  test(
    'rule state: what is staged shows when it is taken, all at once',
    run(async ({ ruleState }) => {
      const load = async () => Object.fromEntries(await ruleState.load())
      await ruleState.save(
        new Map([
          ['kept', '1'],
          ['changed', '1'],
          ['gone', '1'],
        ]),
      )
      await ruleState.stage(new Map([['lost', '1']]))
      await ruleState.discardStaged()
      await ruleState.stage(
        new Map([
          ['changed', '2'],
          ['gone', null],
        ]),
      )
      await ruleState.stage(
        new Map([
          ['changed', '3'],
          ['new', '1'],
          ['never', null],
        ]),
      )
      expect(await load()).toEqual({ kept: '1', changed: '1', gone: '1' })
      await ruleState.commitStaged()
      expect(await load()).toEqual({ kept: '1', changed: '3', new: '1' })
      await ruleState.commitStaged()
      expect(await load()).toEqual({ kept: '1', changed: '3', new: '1' })
    }),
  )

  test(
    'latest readings: the last of a device counts',
    run(async ({ latest }) => {
      const many = Array.from({ length: 1_200 }, (_, i) => aReading(`d${i}`, 1))
      await latest.save(many)
      await latest.save([aReading('d0', 2), aReading('d1', 2), aReading('d0', 3)])
      await latest.save([])
      const stored = new Map((await latest.load()).map((reading) => [reading.device, reading]))
      expect(stored.size).toBe(1_200)
      expect([stored.get('d0'), stored.get('d1'), stored.get('d2')]).toEqual([
        aReading('d0', 3),
        aReading('d1', 2),
        aReading('d2', 1),
      ])
    }),
  )
}

function peopleTests(run: Run): void {
  test(
    'users',
    run(async ({ users }) => {
      await users.put(aUser('b'))
      await users.put(aUser('a'))
      await users.put(aUser('a', { disabled: true }))
      expect(await users.get('a')).toEqual(aUser('a', { disabled: true }))
      expect(await users.get('c')).toBeUndefined()
      expect((await users.list()).map((user) => user.login)).toEqual(expect.arrayContaining(['a', 'b']))
      expect(await users.list()).toHaveLength(2)
    }),
  )

  test(
    'sessions end by id, by user, by time',
    run(async ({ sessions }) => {
      for (const session of [
        aSession('1', 'a', 100),
        aSession('2', 'a', 200),
        aSession('3', 'b', 300),
        aSession('4', 'b', 400),
      ])
        await sessions.put(session)
      expect(await sessions.get('1')).toEqual(aSession('1', 'a', 100))
      await sessions.delete('1')
      expect(await sessions.get('1')).toBeUndefined()
      await sessions.deleteOfUser('a')
      expect(await sessions.get('2')).toBeUndefined()
      expect(await sessions.deleteExpired(300)).toBe(1)
      expect(await sessions.get('3')).toBeUndefined()
      expect(await sessions.get('4')).toEqual(aSession('4', 'b', 400))
    }),
  )

  test(
    'credentials, revoked ones too',
    run(async ({ credentials }) => {
      await credentials.put('d1', { secretHash: 'x', revokedAt: null })
      await credentials.put('d2', { secretHash: 'y', revokedAt: null })
      await credentials.put('d1', { secretHash: 'x', revokedAt: 50 })
      expect(await credentials.all()).toEqual(
        new Map([
          ['d1', { secretHash: 'x', revokedAt: 50 }],
          ['d2', { secretHash: 'y', revokedAt: null }],
        ]),
      )
    }),
  )

  test(
    'answers by idempotency key, forgotten by age',
    run(async ({ idempotency }) => {
      expect(await idempotency.get('k')).toBeUndefined()
      await idempotency.put('k', '{"ok":1}', 10)
      await idempotency.put('l', '{"ok":2}', 20)
      expect(await idempotency.get('k')).toBe('{"ok":1}')
      expect(await idempotency.deleteBefore(20)).toBe(1)
      expect(await idempotency.get('k')).toBeUndefined()
      expect(await idempotency.get('l')).toBe('{"ok":2}')
    }),
  )
}

function aVersion(rule: string, version: number, patch: Partial<RuleVersion> = {}): RuleVersion {
  return {
    rule,
    version,
    text: `id: ${rule}\n`,
    enabled: true,
    author: 'supervisor',
    reason: 'bins here are smaller 桶更小',
    at: 1_000 + version,
    afterSeq: 9_007_199_254_740_000 + version,
    ...patch,
  }
}

function ruleTests(run: Run): void {
  test(
    'versions come back whole, the newest first; the newest of each rule by its id',
    run(async ({ rules }) => {
      expect(await rules.newest()).toEqual([])
      await rules.append(aVersion('lamp-dark', 1))
      // 10 is newer than 9, and rules do not meet.
      for (const version of [9, 10]) await rules.append(aVersion('bin-full', version))
      expect(await rules.of('bin-full')).toEqual([aVersion('bin-full', 10), aVersion('bin-full', 9)])
      expect(await rules.of('bin')).toEqual([])
      expect(await rules.newest()).toEqual([aVersion('bin-full', 10), aVersion('lamp-dark', 1)])
    }),
  )

  test(
    'a version is never written twice, and never half',
    run(async (records) => {
      await records.rules.append(aVersion('bin-full', 1))
      await expect(records.rules.append(aVersion('bin-full', 1, { text: 'other' }))).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      await expect(
        records.transaction(async (tx) => {
          await tx.rules.append(aVersion('bin-full', 2))
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      expect(await records.rules.of('bin-full')).toEqual([aVersion('bin-full', 1)])
    }),
  )
}

function transactionTests(run: Run): void {
  test(
    'all of it is stored, and its result returned',
    run(async (records) => {
      const result = await records.transaction(async (tx) => {
        await tx.cursors.set('rules', 5)
        await tx.alerts.put(anAlert('a'))
        const change = await tx.changes.append(aChange(anAlert('a')))
        expect(await tx.alerts.get('a')).toEqual(anAlert('a'))
        expect(await tx.cursors.get('rules')).toBe(5)
        return change.seq
      })
      expect(result).toBe(1)
      expect(await records.cursors.get('rules')).toBe(5)
      expect(idsOf(await records.alerts.open())).toEqual(['a'])
    }),
  )

  test(
    'nothing of it is stored when it throws, numbers included',
    run(async (records) => {
      await records.changes.append(aChange(anAlert('a')))
      const failed = records.transaction(async (tx) => {
        await tx.cursors.set('rules', 5)
        await tx.alerts.put(anAlert('b', { devices: ['x', 'y'] }))
        await tx.cases.nextNumber('20260301')
        await tx.changes.append(aChange(anAlert('b')))
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      expect(await records.cursors.get('rules')).toBe(0)
      expect(await records.alerts.get('b')).toBeUndefined()
      expect(await records.alerts.find({ device: 'x', limit: 5 })).toEqual([])
      expect(await records.cases.nextNumber('20260301')).toBe(1)
      expect((await records.changes.append(aChange(anAlert('c')))).seq).toBe(2)
    }),
  )

  test(
    'one at a time: none sees half of another',
    run(async (records) => {
      const increase = () =>
        records.transaction(async (tx) => {
          const seq = await tx.cursors.get('n')
          await tx.cases.recent(1)
          await tx.cursors.set('n', seq + 1)
        })
      await Promise.all(Array.from({ length: 30 }, increase))
      expect(await records.cursors.get('n')).toBe(30)
    }),
  )

  test(
    'a call beside a running one waits, and is not part of it',
    run(async (records) => {
      const order: string[] = []
      const started = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      const failing = records
        .transaction(async (tx) => {
          await tx.cursors.set('inside', 1)
          started.resolve()
          await goOn.promise
          order.push('transaction ends')
          throw new Error('no')
        })
        .catch(() => {})
      await started.promise
      const beside = records.cursors.set('beside', 1).then(() => order.push('beside is done'))
      goOn.resolve()
      await Promise.all([failing, beside])
      expect(order).toEqual(['transaction ends', 'beside is done'])
      expect([await records.cursors.get('inside'), await records.cursors.get('beside')]).toEqual([0, 1])
    }),
  )
}
