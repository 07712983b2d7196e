/** The runner against a journal and records in memory: once, in order, across failures and restarts. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../model/clock.ts'
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import { type MemoryJournal, memoryJournal } from '../../tests/support/memory-journal.ts'
import { memoryRecords } from '../../tests/support/memory-records.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { at, compiled, device, directoryOf, entryOf, midnight, ruleText } from '../testing/community.ts'
import { createRuleRunner, type RuleRunner } from './runner.ts'

const directory = directoryOf([device('b1', 'bin')])
const rules = compiled([ruleText({ condition: { predicate: { when: 'temperature > 60.0', for: '5m' } } })])

interface House {
  readonly journal: MemoryJournal
  readonly records: Records
  readonly clock: ManualClock
  readonly told: Finding[]
  /** Errors logged. */
  readonly errors: string[]
  /** Makes the next `count` findings calls fail. */
  fail(count: number): void
  /** From now on a snapshot cannot be stored, or can again. */
  failSnapshots(fails: boolean): void
  /** Snapshots, or findings, wait for it. */
  hold(what: 'snapshots' | 'findings', until: Promise<void>): void
  runner(engine?: Engine): RuleRunner
}

function house(used = rules): House {
  const journal = memoryJournal()
  const records = memoryRecords()
  const clock = manualClock(midnight)
  const told: Finding[] = []
  const errors: string[] = []
  let failures = 0
  let isFull = false
  const held = { snapshots: Promise.resolve(), findings: Promise.resolve() }
  const stage = async (rows: ReadonlyMap<string, string | null>): Promise<void> => {
    await held.snapshots
    if (isFull) throw new Error('no room')
    await records.ruleState.stage(rows)
  }
  return {
    journal,
    records,
    clock,
    told,
    errors,
    fail(count) {
      failures = count
    },
    failSnapshots(fails) {
      isFull = fails
    },
    hold(what, until) {
      held[what] = until
    },
    runner: (engine = createEngine({ rules: used, directory })) =>
      createRuleRunner({
        engine,
        journal,
        records: { ...records, ruleState: { ...records.ruleState, stage } },
        clock,
        logger: { ...silentLogger, error: (fields) => errors.push(JSON.stringify(fields)) },
        metrics: noMetrics,
        retryAfter: 1,
        async onFindings(_, findings) {
          if (failures > 0) {
            failures -= 1
            throw new Error('the records are away')
          }
          await held.findings
          told.push(...findings)
        },
      }),
  }
}

const hot = (minute: number, temperature: number): Entry =>
  entryOf({ device: 'b1', at: `${minute}m`, values: { temperature } }, directory)
const tick = (minute: number): Entry => ({ kind: 'tick', receivedAt: at(`${minute}m`) })

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2000; tries += 1) {
    if (await condition()) return
    await pause(2)
  }
  throw new Error('did not come to pass')
}

const running: RuleRunner[] = []
async function started(place: House): Promise<RuleRunner> {
  const runner = place.runner()
  running.push(runner)
  await runner.start()
  return runner
}
afterEach(async () => {
  for (const runner of running.splice(0)) await runner.stop()
})

const changes = (place: House): string[] => place.told.map(({ change, seq }) => `${change}@${seq}`)

describe('rule runner', () => {
  test('stores findings with their cursor in one transaction, and reports how far it is behind', async () => {
    const place = house()
    for (const entry of [hot(1, 61), hot(3, 61), tick(7)]) await place.journal.append(entry)
    const runner = await started(place)
    await until(() => runner.behind() === 0 && place.told.length === 1)
    expect(changes(place)).toEqual(['began@3'])
    expect(await place.records.cursors.get('rules')).toBe(3)
    await place.journal.append(hot(8, 20))
    await until(() => place.told.length === 2)
    expect(changes(place)).toEqual(['began@3', 'ended@4'])
  })

  test('records unavailable: nothing is lost or doubled, evaluation waits', async () => {
    const place = house()
    place.fail(3)
    const runner = await started(place)
    for (const entry of [hot(1, 61), tick(7), hot(8, 20)]) await place.journal.append(entry)
    await until(() => runner.behind() === 0 && place.told.length === 2)
    expect(place.told.map(({ change }) => change)).toEqual(['began', 'ended'])
  })

  test('after a stop it continues with a pending timer', async () => {
    const place = house()
    await place.journal.append(hot(1, 61))
    const first = await started(place)
    await until(() => first.behind() === 0)
    await first.stop()
    expect(await place.records.cursors.get('rules-state')).toBe(1)
    await place.journal.append(tick(6))
    await started(place)
    await until(() => place.told.length === 1)
    expect(place.told[0]).toMatchObject({ change: 'began', at: at('6m'), seq: 2 })
  })

  test('after a crash it evaluates again from its last snapshot and publishes nothing twice', async () => {
    const place = house()
    const runner = await started(place)
    for (const entry of [hot(1, 61), tick(7)]) await place.journal.append(entry)
    await until(() => place.told.length === 1 && runner.behind() === 0)
    // A crash: no snapshot was ever written, and this runner never stops in an orderly way before the next starts.
    expect(await place.records.cursors.get('rules-state')).toBe(0)
    const second = await started(place)
    await until(() => second.behind() === 0)
    expect(changes(place)).toEqual(['began@2'])
  })

  test('stores snapshots periodically, and cursors without findings too', async () => {
    const place = house()
    const runner = await started(place)
    await place.journal.append(hot(1, 20))
    await until(() => runner.behind() === 0)
    expect(await place.records.cursors.get('rules')).toBe(0)
    place.clock.advance(1000)
    await place.journal.append(hot(2, 20))
    await until(async () => (await place.records.cursors.get('rules')) === 2)
    expect(await place.records.cursors.get('rules-state')).toBe(0)
    place.clock.advance(30_000)
    await place.journal.append(hot(3, 20))
    await until(async () => (await place.records.cursors.get('rules-state')) === 3)
    expect((await place.records.ruleState.load()).size).toBeGreaterThan(0)
  })

  test('findings do not wait for a snapshot being stored, and survive a crash', async () => {
    const place = house()
    const runner = await started(place)
    await place.journal.append(hot(1, 61))
    place.failSnapshots(true)
    place.clock.advance(30_000)
    await place.journal.append(hot(2, 61))
    await until(() => runner.behind() === 0 && place.errors.length > 0)
    for (const entry of [tick(7), hot(8, 20)]) await place.journal.append(entry)
    await until(() => place.told.length === 2)
    expect(await place.records.cursors.get('rules-state')).toBe(0)
    place.failSnapshots(false)
    await until(async () => (await place.records.cursors.get('rules-state')) > 0)
    // Of the instant at which it was taken, whatever came after it.
    expect(await place.records.cursors.get('rules-state')).toBe(2)
    expect(await place.records.cursors.get('rules')).toBe(4)
    const second = await started(place)
    await until(() => second.behind() === 0)
    expect(changes(place)).toEqual(['began@3', 'ended@4'])
  })

  test('rows staged by an unfinished snapshot are discarded', async () => {
    const place = house()
    await place.records.ruleState.stage(new Map([['d:left', '{}']]))
    const runner = await started(place)
    await place.journal.append(hot(1, 61))
    await until(() => runner.behind() === 0)
    await runner.stop()
    const keys = [...(await place.records.ruleState.load()).keys()]
    expect(keys).toContain('d:b1')
    expect(keys).not.toContain('d:left')
  })

  describe('a snapshot abandoned at a stop loses nothing', () => {
    /** One of the whole state waits for the disk; after it only little has changed. */
    async function waiting() {
      const place = house()
      const runner = await started(place)
      await place.journal.append(hot(1, 61))
      await until(() => runner.behind() === 0)
      const disk = Promise.withResolvers<void>()
      disk.promise.catch(() => undefined)
      place.hold('snapshots', disk.promise)
      place.clock.advance(30_000)
      await place.journal.append(hot(2, 61))
      await until(() => runner.behind() === 0)
      const fail = (): void => {
        place.hold('snapshots', Promise.resolve())
        disk.reject(new Error('disk busy'))
      }
      return { place, runner, fail }
    }

    async function toldAfterRestart(place: House): Promise<string[]> {
      expect(await place.records.cursors.get('rules-state')).toBe(0)
      const runner = await started(place)
      for (const entry of [tick(7), hot(8, 20)]) await place.journal.append(entry)
      await until(() => runner.behind() === 0)
      await runner.stop()
      return place.told.map(({ change }) => change)
    }

    test('while findings are being stored', async () => {
      const { place, runner, fail } = await waiting()
      const findings = Promise.withResolvers<void>()
      place.hold('findings', findings.promise)
      await place.journal.append(tick(7))
      await until(() => runner.behind() === 0)
      const stopped = runner.stop()
      fail()
      await until(() => place.errors.length > 0)
      findings.resolve()
      await stopped
      expect(await toldAfterRestart(place)).toEqual(['began', 'ended'])
    })

    test('while other rules wait for it', async () => {
      const { place, runner, fail } = await waiting()
      const swap = runner.swap({ engine: createEngine({ rules, directory }), commit: async () => {} })
      const refused = expect(swap).rejects.toThrow('disk busy')
      await place.journal.append(hot(3, 61))
      await until(() => runner.behind() === 0)
      const stopped = runner.stop()
      fail()
      await stopped
      await refused
      expect(await toldAfterRestart(place)).toEqual(['began', 'ended'])
    })
  })

  test('a snapshot that cannot be written is logged, and no later one hides the missing rows', async () => {
    const place = house()
    const engine = createEngine({ rules, directory })
    const faults = [new Error('cannot be written')]
    const snapshotRows: typeof engine.snapshotRows = () => {
      const rows = [...engine.snapshotRows()]
      const fault = faults.pop()
      if (fault) throw fault
      return rows
    }
    const runner = place.runner({ ...engine, snapshotRows })
    running.push(runner)
    await runner.start()
    await place.journal.append(hot(1, 61))
    place.clock.advance(30_000)
    await place.journal.append(hot(2, 61))
    await until(() => place.errors.length > 0)
    await runner.stop()
    expect(place.errors.join()).toContain('cannot be written')
    expect(await place.records.cursors.get('rules-state')).toBe(0)
  })

  test('stops while the records are unavailable, and publishes later', async () => {
    const place = house()
    place.fail(Number.POSITIVE_INFINITY)
    const runner = await started(place)
    for (const entry of [hot(1, 61), tick(7)]) await place.journal.append(entry)
    await until(() => runner.behind() === 0)
    await runner.stop()
    expect(await place.records.cursors.get('rules')).toBe(0)
    place.fail(0)
    await started(place)
    await until(() => place.told.length === 1)
  })

  test('a rule that fails on a device is logged, once', async () => {
    const place = house({
      ...rules,
      list: rules.list.map((rule) => ({
        ...rule,
        condition: {
          ...rule.condition,
          step() {
            throw new Error('cannot')
          },
        },
      })),
    })
    const runner = await started(place)
    for (const entry of [hot(1, 61), hot(2, 61)]) await place.journal.append(entry)
    await until(() => runner.behind() === 0)
    for (let second = 0; second < 3; second += 1) place.clock.advance(1000)
    expect(place.errors).toEqual([JSON.stringify({ rule: 'tested', subject: 'b1', error: 'cannot' })])
  })
})
