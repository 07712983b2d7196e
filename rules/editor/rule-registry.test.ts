/** Versions of rules over a running engine: saved or refused whole, stale ones refused, files read again. */
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

async function house(records = memoryRecords(), files = { now: shippedFiles() }) {
  const journal = memoryJournal()
  const told: Finding[] = []
  const noted: string[] = []
  const titles: (string | undefined)[] = []
  const errors: string[] = []
  const logger = { ...silentLogger, error: (fields: object) => errors.push(JSON.stringify(fields)) }
  const book: RunningRuleRegistry = await openRuleRegistry({
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
        onFindings: async (_, findings) => told.push(...findings),
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
    ...{ book, records, files, told, noted, titles, errors, runner: running.at(-1) as RuleRunner },
    async hear(...entries: readonly Entry[]) {
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
const wish = (text: string, base: number | null = 0, enabled = true) => ({
  ...{ text, base, enabled },
  reason: 'it is hot here',
})

describe('save', () => {
  test('the new version judges from its seq on, is stored with author and reason, and is told', async () => {
    const place = await house()
    await place.hear(warm(1, 50))
    const saved = await place.book.save('hot', wish(hotter(40)), chief)
    expect(saved).toEqual({
      ...{ rule: 'hot', version: 1, text: hotter(40), enabled: true, author: 'supervisor' },
      ...{ reason: 'it is hot here', at: 5_000, afterSeq: 1 },
    })
    expect(await place.records.rules.of('hot')).toEqual([saved])
    expect(place.noted).toEqual(['hot supervisor v1 · it is hot here'])
    expect(place.book.list().map(({ id, version, savedBy }) => [id, version, savedBy])).toEqual([
      ['full', 0, null],
      ['hot', 1, 'supervisor'],
    ])
    await place.hear(warm(2, 50), tick(8))
    expect(place.told).toMatchObject([{ change: 'began', startedAt: at('2m') }])
    expect(await place.book.detail('hot')).toMatchObject({ text: hotter(40), fileText: hotter(60) })
  })

  test('a former version is saved again as a new one; a hub that starts again has it', async () => {
    const place = await house()
    await place.book.save('hot', wish(hotter(40)), chief)
    await place.book.save('hot', wish(hotter(60), 1), chief)
    const later = await house(place.records)
    const { version, text, versions } = await later.book.detail('hot')
    expect([version, text, versions.map((one) => one.version)]).toEqual([2, hotter(60), [2, 1]])
  })

  test('refused: every problem with its place, and nothing has happened', async () => {
    const place = await house()
    const wrong = hotter(40)
      .replace('temperature > limit', 'temperatur > limit && fillingLevl > 1.0')
      .replaceAll(',"', ',\n"')
    const refusal = await place.book.save('hot', wish(wrong), chief).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'RULES_INVALID' })
    const problems = place.book.check('hot', wrong)
    expect((refusal as { problems: unknown }).problems).toEqual(problems)
    expect(problems.map(({ line, path }) => [line !== undefined, path])).toContainEqual([
      true,
      'condition.predicate.when',
    ])
    expect(await place.records.rules.newest()).toEqual([])
    expect(place.book.list().every(({ version }) => version === 0)).toBe(true)
  })

  test('a rule keeps its id; a text that is none is told too', async () => {
    const { book } = await house()
    expect(book.check('hot', full)[0]).toMatchObject({ path: 'id', message: 'the id of this rule is hot' })
    expect(book.check('hot', 'id: [')[0]).toMatchObject({ line: 1 })
    expect(book.check('hot', hotter(41, { inhibits: ['full'] }))).toEqual([])
    expect(book.check('hot', hotter(41, { inhibits: ['gone'] }))).toMatchObject([{ path: 'inhibits[0]' }])
  })

  test('of two people at once one is told that the other was first', async () => {
    const { book, records } = await house()
    const both = await Promise.allSettled([
      book.save('hot', wish(hotter(40)), chief),
      book.save('hot', wish(hotter(45)), chief),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({ reason: { code: 'CONFLICT', reason: 'rule-saved-meanwhile' } })
    expect(await records.rules.of('hot')).toHaveLength(1)
    await expect(book.save('hot', wish(hotter(40), 1), chief)).rejects.toMatchObject({
      reason: 'rule-unchanged',
    })
    await expect(book.save('new-rule', wish(hotter(40), 0), chief)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('switched off: what it opened ends, it watches nobody, and can be switched on again', async () => {
    const place = await house()
    await place.hear(warm(1, 65), tick(7))
    await place.book.save('hot', wish(hotter(60), 0, false), chief)
    await place.hear(tick(8), warm(9, 70), tick(16))
    expect(place.told.map(({ change }) => change)).toEqual(['began', 'ended'])
    expect(place.book.list().find(({ id }) => id === 'hot')).toMatchObject({ enabled: false, version: 1 })
    await place.book.save('hot', wish(hotter(60), 1, true), chief)
    await place.hear(warm(17, 70), ...[18, 19, 20, 21, 22].map(tick), warm(23, 70))
    expect(place.told.map(({ change }) => change)).toEqual(['began', 'ended', 'began'])
    const renamed = hotter(60).replace(/"en":"Tested"/, '"en":"Far too hot"')
    await place.book.save('hot', wish(renamed, 2), chief)
    expect(place.titles).toEqual([undefined, 'Tested', 'Far too hot'])
  })

  test('a new rule of people', async () => {
    const { book } = await house()
    const mine = ruleText({ id: 'mine', condition: { predicate: { when: 'fillingLevel > 0.5' } } }).text
    await book.save('mine', wish(mine, null), chief)
    expect(await book.detail('mine')).toMatchObject({ version: 1, fileText: null })
  })
})

describe('a saved version that this hub cannot read', () => {
  test('its file stands in, it is told, and it can be replaced', async () => {
    const records = memoryRecords()
    const bad = { rule: 'hot', version: 3, text: hotter(40).replace('temperature', 'heat'), enabled: true }
    await records.rules.append({ ...bad, author: 'x', reason: 'y', at: 1, afterSeq: 1 })
    const place = await house(records)
    expect(place.errors[0]).toMatch(/hot \(version 3\).*heat/)
    expect(await place.book.detail('hot')).toMatchObject({
      ...{ isFaulty: true, version: 0, text: hotter(60) },
      faults: [{ path: 'condition.predicate.when' }],
    })
    expect(await place.book.save('hot', wish(hotter(50), 3), chief)).toMatchObject({ version: 4 })
    expect(await place.book.detail('hot')).toMatchObject({ isFaulty: false, version: 4 })
  })

  test('rule files that are wrong end the start with every problem', async () => {
    const files = {
      now: [...shippedFiles(), { source: 'bad.yaml', text: 'id: bad' }, { source: 'worse.yaml', text: '[' }],
    }
    const refusal = await house(memoryRecords(), files).catch((error: unknown) => error)
    const sources = (refusal as { problems: { source: string }[] }).problems.map(({ source }) => source)
    expect(new Set(sources)).toEqual(new Set(['bad.yaml', 'worse.yaml']))
  })
})

describe('rule files read again', () => {
  test('a changed file is taken; under a saved version it changes nothing; a wrong one changes nothing', async () => {
    const place = await house()
    await place.book.save('full', wish(full.replace('0.9', '0.8')), chief)
    place.files.now = [
      { source: 'hot.yaml', text: hotter(40) },
      { source: 'full.yaml', text: full.replace('0.9', '0.7') },
    ]
    await place.book.reload()
    expect(place.noted.slice(1)).toEqual(['hot rules v0'])
    await place.hear(warm(1, 50), tick(7))
    expect(place.told).toHaveLength(1)
    expect((await place.book.detail('full')).text).toContain('0.8')

    place.files.now = [{ source: 'hot.yaml', text: hotter(30).replace('limit"', 'limt"') }]
    await place.book.reload()
    expect(place.errors).toHaveLength(1)
    expect(place.errors[0]).toContain('hot.yaml')
    expect((await place.book.detail('hot')).text).toBe(hotter(40))
    expect(place.book.list()).toHaveLength(2)
  })
})
