/** Other rules while the hub runs: between two entries, all or nothing, and with the same rules as if nothing had been. */
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../model/clock.ts'
import type { FieldValues } from '../../model/device-type.ts'
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import { memoryJournal } from '../../tests/support/memory-journal.ts'
import { memoryRecords } from '../../tests/support/memory-records.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createEngine } from '../engine/engine.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  midnight,
  ruleText,
  shipped,
} from '../testing/community.ts'
import { createRuleRunner, type RuleRunner } from './runner.ts'
import type { EngineSwap } from './swap.ts'

const directory = directoryOf([
  device('b1', 'bin'),
  ...['l1', 'l2', 'l3'].map((id) => device(id, 'streetlight', { circuit: 'c1', meta: { powerRating: 60 } })),
])
const library = shipped()
const hotter = (limit: number): CompiledRules =>
  compiled([ruleText({ condition: { predicate: { when: `temperature > ${limit}.0`, for: '5m' } } })])

const running: RuleRunner[] = []
afterEach(async () => {
  for (const runner of running.splice(0)) await runner.stop()
})

async function house(rules: CompiledRules, records: Records = memoryRecords()) {
  const journal = memoryJournal()
  const told: Finding[] = []
  const runner = createRuleRunner({
    engine: createEngine({ rules, directory }),
    journal,
    records,
    clock: manualClock(midnight),
    logger: silentLogger,
    metrics: noMetrics,
    retryAfter: 1,
    onFindings: async (_, findings) => told.push(...findings),
  })
  running.push(runner)
  await runner.start()
  return {
    records,
    runner,
    told,
    async hear(...entries: readonly Entry[]) {
      for (const entry of entries) await journal.append(entry)
      for (let tries = 0; runner.behind() > 0 && tries < 2000; tries += 1) await pause(1)
      expect(runner.behind()).toBe(0)
      // What was judged is told in a transaction that was asked for before this one.
      await pause(1)
      await records.transaction(async () => {})
    },
  }
}
const swapTo = (rules: CompiledRules, commit: EngineSwap['commit'] = async () => {}): EngineSwap => ({
  engine: createEngine({ rules, directory }),
  commit,
})
const tick = (minute: number): Entry => ({ kind: 'tick', receivedAt: at(`${minute}m`) })
const warm = (minute: number, temperature: number): Entry =>
  entryOf({ device: 'b1', at: `${minute}m`, values: { temperature } }, directory)

describe('swap', () => {
  test('the new rules evaluate from the next entry on; its seq is returned and stored', async () => {
    const place = await house(hotter(60))
    await place.hear(warm(1, 50), tick(7))
    const stored: number[] = []
    const after = await place.runner.swap(
      swapTo(hotter(40), async (tx, afterSeq) => {
        stored.push(afterSeq)
        await tx.cursors.set('test', afterSeq)
      }),
    )
    expect([after, ...stored, await place.records.cursors.get('test')]).toEqual([2, 2, 2])
    expect(place.told).toEqual([])
    // Ticks were missing before: the hub was deaf, and waits 5 min for what it may not have heard.
    await place.hear(warm(8, 50), ...[9, 10, 11, 12, 13].map(tick), warm(14, 50))
    expect(place.told).toMatchObject([{ change: 'began', startedAt: at('8m'), raisedAt: at('13m') }])
  })

  test('refused by its commit: the former rules continue with their state', async () => {
    const place = await house(hotter(60))
    await place.hear(warm(1, 65))
    const refusal = place.runner.swap(
      swapTo(hotter(90), async (tx) => {
        await tx.cursors.set('test', 7)
        throw new Error('no')
      }),
    )
    await expect(refusal).rejects.toThrow('no')
    expect(await place.records.cursors.get('test')).toBe(0)
    await place.hear(tick(7))
    expect(place.told).toMatchObject([{ change: 'began', startedAt: at('1m') }])
  })

  test('refused: state of the new rules is not in the next snapshot', async () => {
    const snapshot = async (isRefused: boolean) => {
      const place = await house(hotter(60))
      await place.hear(warm(1, 65), tick(2))
      const refused = swapTo(hotter(90), () => Promise.reject(new Error('no')))
      if (isRefused) await expect(place.runner.swap(refused)).rejects.toThrow('no')
      await place.hear(tick(3))
      await place.runner.stop()
      return place.records.ruleState.load()
    }
    expect(await snapshot(true)).toEqual(await snapshot(false))
  })

  test('a hub that starts again has the state of the new rules', async () => {
    const place = await house(hotter(60))
    await place.hear(warm(1, 65), tick(7))
    await place.runner.swap(
      swapTo(compiled([ruleText({ id: 'other', condition: { predicate: { when: 'fillingLevel > 0.9' } } })])),
    )
    // As after a crash: what the records hold now.
    const engine = createEngine({ rules: hotter(60), directory })
    engine.restore(await place.records.ruleState.load(), 2)
    expect(engine.apply({ ...tick(8), seq: 3 })).toMatchObject([{ change: 'ended' }])
    await place.hear(tick(8))
    expect(place.told.map(({ change }) => change)).toEqual(['began', 'ended'])
  })

  test('not while entries with published findings are replayed', async () => {
    const records = memoryRecords()
    await records.cursors.set('rules', 2)
    const place = await house(hotter(60), records)
    const swapped = place.runner.swap(swapTo(hotter(60)))
    let isDone = false
    void swapped.then(() => {
      isDone = true
    })
    await place.hear(warm(1, 65))
    expect(isDone).toBe(false)
    await place.hear(tick(2))
    expect(await swapped).toBe(2)
  })

  test('refused when requested at or after the stop', async () => {
    const place = await house(hotter(60))
    await place.runner.stop()
    await expect(place.runner.swap(swapTo(hotter(60)))).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('for the same rules at any entries changes nothing at all', async () => {
    const reading = fc.record({
      id: fc.constantFrom('b1', 'l1', 'l2', 'l3'),
      minute: fc.integer({ min: 0, max: 90 }),
      late: fc.constantFrom(0, 0, 0, 2, 4),
      fillingLevel: fc.constantFrom(0.1, 0.85, 0.97),
      power: fc.constantFrom(1, 58),
      batteryLevel: fc.constantFrom(0.5, 0.05),
    })
    const entriesOf = (
      list: readonly (typeof reading extends fc.Arbitrary<infer R> ? R : never)[],
    ): Entry[] => {
      const said = list.map(({ id, minute, late, fillingLevel, power, batteryLevel }) => {
        const values: FieldValues =
          id === 'b1'
            ? { fillingLevel, batteryLevel }
            : { powerState: 'on', powerConsumption: power, batteryLevel }
        return entryOf({ device: id, at: `${minute}m`, receivedAt: `${minute + late}m`, values }, directory)
      })
      const ticks = Array.from({ length: 110 }, (_, minute) => tick(minute))
      return [...said, ...ticks].sort((a, b) => a.receivedAt - b.receivedAt)
    }
    let found = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 10, maxLength: 40 }),
        fc.array(fc.nat(120), { minLength: 1, maxLength: 5 }),
        async (list, cuts) => {
          const entries = entriesOf(list)
          const straight = createEngine({ rules: library, directory })
          const wanted = entries.flatMap((entry, index) => straight.apply({ ...entry, seq: index + 1 }))
          const place = await house(library)
          let from = 0
          for (const cut of [...cuts].sort((a, b) => a - b)) {
            await place.hear(...entries.slice(from, Math.max(from, cut)))
            from = Math.max(from, cut)
            await place.runner.swap(swapTo(library))
          }
          await place.hear(...entries.slice(from))
          expect(place.told).toEqual(wanted)
          found += wanted.length
        },
      ),
      { numRuns: 40 },
    )
    expect(found).toBeGreaterThan(100)
  })
})
