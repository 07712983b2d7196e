/** A trial in its own thread over a real journal: its result, missing data, and how it ends. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Entry } from '../../model/entry.ts'
import type { HistoryQuery } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import type { TrialResult } from '../../model/rule-trial.ts'
import type { TrialJob } from '../../rules/editor/trials.ts'
import { at, device, directoryOf, entryOf, ruleText } from '../../rules/testing/community.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { createTrialRunner } from './run-trial.ts'

const directory = directoryOf([device('b1', 'bin'), device('l1', 'streetlight')])
const hotter = (limit: number): string =>
  ruleText({ inhibits: ['elsewhere'], condition: { predicate: { when: `temperature > ${limit}.0` } } }).text

const bin = (minute: number, temperature: number): Entry =>
  entryOf({ device: 'b1', at: `${minute}m`, values: { temperature } }, directory)

async function journalWith(entries: readonly Entry[]): Promise<string> {
  const path = join(temporaryFolder(), 'journal.db')
  const journal = await openSqliteJournal({ path }, { logger: silentLogger, metrics: noMetrics })
  onTestFinished(() => journal.close())
  await Promise.all(entries.map((entry) => journal.append(entry)))
  return path
}

function startTrial(journalPath: string, job: Partial<TrialJob>, asked: HistoryQuery[] = []) {
  const outcome = Promise.withResolvers<TrialResult>()
  const shares: number[] = []
  const end = createTrialRunner({
    directory: () => directory,
    history: {
      async query(query) {
        asked.push(query)
        return query.from < at('2m') ? [{ at: at('1m'), value: 55 }] : []
      },
    },
    journalPath,
  })(
    { proposed: hotter(40), current: hotter(60), from: at('10m'), to: at('60m'), ...job },
    {
      progress: (share) => shares.push(share),
      done: outcome.resolve,
      failed: (message) => outcome.reject(new Error(message)),
    },
  )
  return { outcome: outcome.promise, end, shares }
}

const entries = [bin(5, 65), bin(10, 20), bin(20, 50), bin(30, 70), bin(40, 20)]

test('evaluates both versions on the requested days and devices of the journal', async () => {
  const path = await journalWith([
    ...entries,
    entryOf({ device: 'l1', at: '41m', values: { powerConsumption: 5 } }, directory),
  ])
  const result = await startTrial(path, {}).outcome
  expect(result).toMatchObject({
    ...{ from: at('10m'), to: at('60m'), entries: 4 },
    proposed: { count: 1, newest: [{ device: 'b1', raisedAt: at('20m'), clearedAt: at('40m') }] },
    current: { count: 1, newest: [{ raisedAt: at('30m') }] },
    moved: { count: 1 },
    missing: { nothingBefore: null, valuesOnlyBefore: null, beganAt: null, endedAt: null },
  })
})

test('uses values of the history before the journal and reports that', async () => {
  const path = await journalWith(entries)
  const asked: HistoryQuery[] = []
  const result = await startTrial(path, { from: at('0m') }, asked).outcome
  expect(asked).toMatchObject([{ device: 'b1', field: 'temperature', from: at('0m'), to: at('5m') }])
  expect(result.missing).toMatchObject({ nothingBefore: at('1m'), valuesOnlyBefore: at('5m') })
  expect(result.proposed.newest.map(({ raisedAt }) => raisedAt)).toEqual([at('20m'), at('1m')])
  expect(result.from).toBe(at('1m'))
})

test('compares a new rule with nothing', async () => {
  const path = await journalWith(entries)
  const result = await startTrial(path, { current: undefined }).outcome
  expect(result).toMatchObject({ current: { count: 0 }, added: { count: 1 }, removed: { count: 0 } })
})

test('tries a rule that completes work of other rules without them', async () => {
  const path = await journalWith(entries)
  const proposed = ruleText({
    completes: ['elsewhere'],
    condition: { predicate: { when: 'temperature > 60.0' } },
  }).text
  const result = await startTrial(path, { proposed, current: undefined }).outcome
  expect(result.proposed).toMatchObject({ count: 1, newest: [{ raisedAt: at('30m') }] })
})

test('ended early: gives no result', async () => {
  const path = await journalWith(entries)
  const { outcome, end } = startTrial(path, {})
  end()
  await expect(outcome).rejects.toThrow('ended without a result')
})

test('fails when the journal cannot be read', async () => {
  await expect(startTrial(join(temporaryFolder(), 'none.db'), {}).outcome).rejects.toThrow()
})
