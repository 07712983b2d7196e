/** Versions of rules with a running engine: saving, refusals, conflicts, and reloading of rule files. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../model/clock.ts'
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { CommandContext } from '../../model/ports/commands.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { context } from '../../tests/support/alert-fixtures.ts'
import { memoryJournal } from '../../tests/support/memory-journal.ts'
import { memoryRecords } from '../../tests/support/memory-records.ts'
import { createEngine } from '../engine/engine.ts'
import { createRuleRunner, type RuleRunner } from '../runner/runner.ts'
import type { RuleSource } from '../schema/rule-file.ts'
import { at, device, directoryOf, entryOf, midnight, ruleText } from '../testing/community.ts'
import { openRuleRegistry, type RunningRuleRegistry } from './rule-registry.ts'

const directory = directoryOf([device('b1', 'bin')])
const hotter = (limit: number, more: Record<string, unknown> = {}): string =>
  ruleText({
    id: 'hot',
    parameters: { limit },
    condition: { predicate: { when: 'temperature > limit', for: '5m' } },
    ...more,
  }).text
const full = ruleText({ id: 'full', condition: { predicate: { when: 'fillingLevel > 0.9' } } }).text
const shippedFiles = (): RuleSource[] => [
  { source: 'hot.yaml', text: hotter(60) },
  { source: 'full.yaml', text: full },
]
const chief: CommandContext = context('supervisor', 5_000)

const running: RuleRunner[] = []
afterEach(async () => {
  for (const runner of running.splice(0)) await runner.stop()
})

async function setUp(records = memoryRecords(), files = { now: shippedFiles() }) {
  const journal = memoryJournal()
  const findings: Finding[] = []
  const noted: string[] = []
  const titles: (string | undefined)[] = []
  const errors: string[] = []
  const warnings: string[] = []
  const logger = {
    ...silentLogger,
    error: (fields: object) => errors.push(JSON.stringify(fields)),
    warn: (fields: object) => warnings.push(JSON.stringify(fields)),
  }
  const registry: RunningRuleRegistry = await openRuleRegistry({
    records,
    directory,
    logger,
    files: () => files.now,
    templates: [{ source: 'full.yaml', text: full }],
    run: async (rules) => {
      const engine = createEngine({ rules, directory })
      const runner = createRuleRunner({
        engine,
        journal,
        records,
        clock: manualClock(midnight),
        logger,
        metrics: noMetrics,
        retryAfter: 1,
        onFindings: async (_, found) => findings.push(...found),
      })
      running.push(runner)
      await runner.start()
      return runner
    },
    async noteChange(_, { rule, actor, note, title }) {
      noted.push(`${rule} ${actor} ${note}`)
      titles.push(title?.en)
    },
  })
  return {
    ...{
      registry,
      records,
      files,
      findings,
      noted,
      titles,
      errors,
      warnings,
      runner: running.at(-1) as RuleRunner,
    },
    async receive(...entries: readonly Entry[]) {
      for (const entry of entries) await journal.append(entry)
      for (let tries = 0; (running.at(-1) as RuleRunner).behind() > 0 && tries < 2000; tries += 1)
        await pause(1)
      await pause(1)
      await records.transaction(async () => {})
    },
  }
}
const warm = (minute: number, temperature: number): Entry =>
  entryOf({ device: 'b1', at: `${minute}m`, values: { temperature } }, directory)
const tick = (minute: number): Entry => ({ kind: 'tick', receivedAt: at(`${minute}m`) })
const saveOf = (text: string, base: number | null = 0, enabled = true) => ({
  ...{ text, base, enabled },
  reason: 'it is hot here',
})

describe('save', () => {
  test('stores the version with author and reason, and evaluates with it from its seq on', async () => {
    const place = await setUp()
    await place.receive(warm(1, 50))
    const saved = await place.registry.save('hot', saveOf(hotter(40)), chief)
    expect(saved).toEqual({
      ...{ rule: 'hot', version: 1, text: hotter(40), enabled: true, author: 'supervisor' },
      ...{ reason: 'it is hot here', at: 5_000, afterSeq: 1 },
    })
    expect(await place.records.rules.of('hot')).toEqual([saved])
    expect(place.noted).toEqual(['hot supervisor v1 · it is hot here'])
    expect(place.registry.list().map(({ id, version, savedBy }) => [id, version, savedBy])).toEqual([
      ['full', 0, null],
      ['hot', 1, 'supervisor'],
    ])
    await place.receive(warm(2, 50), tick(8))
    expect(place.findings).toMatchObject([{ change: 'began', startedAt: at('2m') }])
    expect(await place.registry.detail('hot')).toMatchObject({ text: hotter(40), fileText: hotter(60) })
  })

  test('restores a former version as a new one, which survives a restart', async () => {
    const place = await setUp()
    await place.registry.save('hot', saveOf(hotter(40)), chief)
    await place.registry.save('hot', saveOf(hotter(60), 1), chief)
    const later = await setUp(place.records)
    const { version, text, versions } = await later.registry.detail('hot')
    expect([version, text, versions.map((one) => one.version)]).toEqual([2, hotter(60), [2, 1]])
  })

  test('refuses with every problem and its place, and stores nothing', async () => {
    const place = await setUp()
    const wrong = hotter(40)
      .replace('temperature > limit', 'temperatur > limit && fillingLevl > 1.0')
      .replaceAll(',"', ',\n"')
    const refusal = await place.registry.save('hot', saveOf(wrong), chief).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'RULES_INVALID' })
    const problems = place.registry.check('hot', wrong)
    expect((refusal as { problems: unknown }).problems).toEqual(problems)
    expect(problems.map(({ line, path }) => [line !== undefined, path])).toContainEqual([
      true,
      'condition.predicate.when',
    ])
    expect(await place.records.rules.newest()).toEqual([])
    expect(place.registry.list().every(({ version }) => version === 0)).toBe(true)
  })

  test('refuses another id and text that is not YAML', async () => {
    const { registry } = await setUp()
    expect(registry.check('hot', full)[0]).toMatchObject({
      path: 'id',
      message: 'the id of this rule is hot',
    })
    expect(registry.check('hot', 'id: [')[0]).toMatchObject({ line: 1 })
    expect(registry.check('hot', hotter(41, { inhibits: ['full'] }))).toEqual([])
    expect(registry.check('hot', hotter(41, { inhibits: ['gone'] }))).toMatchObject([{ path: 'inhibits[0]' }])
  })

  test('the second of two saves at once is a conflict', async () => {
    const { registry, records } = await setUp()
    const both = await Promise.allSettled([
      registry.save('hot', saveOf(hotter(40)), chief),
      registry.save('hot', saveOf(hotter(45)), chief),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({ reason: { code: 'CONFLICT', reason: 'rule-saved-meanwhile' } })
    expect(await records.rules.of('hot')).toHaveLength(1)
    await expect(registry.save('hot', saveOf(hotter(40), 1), chief)).rejects.toMatchObject({
      reason: 'rule-unchanged',
    })
    await expect(registry.save('new-rule', saveOf(hotter(40), 0), chief)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('a rule that is switched off ends its episodes and can be switched on again', async () => {
    const place = await setUp()
    await place.receive(warm(1, 65), tick(7))
    await place.registry.save('hot', saveOf(hotter(60), 0, false), chief)
    await place.receive(tick(8), warm(9, 70), tick(16))
    expect(place.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
    expect(place.registry.list().find(({ id }) => id === 'hot')).toMatchObject({ enabled: false, version: 1 })
    await place.registry.save('hot', saveOf(hotter(60), 1, true), chief)
    await place.receive(warm(17, 70), ...[18, 19, 20, 21, 22].map(tick), warm(23, 70))
    expect(place.findings.map(({ change }) => change)).toEqual(['began', 'ended', 'began'])
    const renamed = hotter(60).replace(/"en":"Tested"/, '"en":"Far too hot"')
    await place.registry.save('hot', saveOf(renamed, 2), chief)
    expect(place.titles).toEqual([undefined, 'Tested', 'Far too hot'])
  })

  test('stores a new rule', async () => {
    const { registry } = await setUp()
    const mine = ruleText({ id: 'mine', condition: { predicate: { when: 'fillingLevel > 0.5' } } }).text
    await registry.save('mine', saveOf(mine, null), chief)
    expect(await registry.detail('mine')).toMatchObject({ version: 1, fileText: null })
  })
})

describe('a saved version that this hub cannot read', () => {
  test('is logged, its file is used, and it can be replaced', async () => {
    const records = memoryRecords()
    const bad = { rule: 'hot', version: 3, text: hotter(40).replace('temperature', 'heat'), enabled: true }
    await records.rules.append({ ...bad, author: 'x', reason: 'y', at: 1, afterSeq: 1 })
    const place = await setUp(records)
    expect(place.errors[0]).toMatch(/hot \(version 3\).*heat/)
    expect(await place.registry.detail('hot')).toMatchObject({
      ...{ isFaulty: true, version: 0, text: hotter(60) },
      faults: [{ path: 'condition.predicate.when' }],
    })
    expect(await place.registry.save('hot', saveOf(hotter(50), 3), chief)).toMatchObject({ version: 4 })
    expect(await place.registry.detail('hot')).toMatchObject({ isFaulty: false, version: 4 })
  })

  test('invalid rule files end the start with every problem', async () => {
    const files = {
      now: [...shippedFiles(), { source: 'bad.yaml', text: 'id: bad' }, { source: 'worse.yaml', text: '[' }],
    }
    const refusal = await setUp(memoryRecords(), files).catch((error: unknown) => error)
    const sources = (refusal as { problems: { source: string }[] }).problems.map(({ source }) => source)
    expect(new Set(sources)).toEqual(new Set(['bad.yaml', 'worse.yaml']))
  })
})

test('former keys of files and saved versions are logged at the start and on reload', async () => {
  const former = hotter(40).replace('"for":"5m"', '"for":"5m","hold":"1h"')
  const records = memoryRecords()
  const version = { rule: 'hot', version: 1, text: former, enabled: true }
  await records.rules.append({ ...version, author: 'x', reason: 'y', at: 1, afterSeq: 1 })
  const place = await setUp(records)
  expect(place.warnings).toEqual([
    expect.stringMatching(/hot \(version 1\).*hold is deprecated: write maxAge/),
  ])
  expect(await place.registry.detail('hot')).toMatchObject({ isFaulty: false, version: 1, text: former })
  place.files.now = [
    { source: 'hot.yaml', text: former },
    { source: 'full.yaml', text: `${full}\n` },
  ]
  await place.registry.reload()
  expect(place.warnings).toHaveLength(2)
})

describe('reload', () => {
  test('applies a changed file; a saved version stays active; an invalid file changes nothing', async () => {
    const place = await setUp()
    await place.registry.save('full', saveOf(full.replace('0.9', '0.8')), chief)
    place.files.now = [
      { source: 'hot.yaml', text: hotter(40) },
      { source: 'full.yaml', text: full.replace('0.9', '0.7') },
    ]
    await place.registry.reload()
    expect(place.noted.slice(1)).toEqual(['hot rules v0'])
    await place.receive(warm(1, 50), tick(7))
    expect(place.findings).toHaveLength(1)
    expect((await place.registry.detail('full')).text).toContain('0.8')

    place.files.now = [{ source: 'hot.yaml', text: hotter(30).replace('limit"', 'limt"') }]
    await place.registry.reload()
    expect(place.errors).toHaveLength(1)
    expect(place.errors[0]).toContain('hot.yaml')
    expect((await place.registry.detail('hot')).text).toBe(hotter(40))
    expect(place.registry.list()).toHaveLength(2)
  })
})
