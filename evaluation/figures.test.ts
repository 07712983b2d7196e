import { describe, expect, test } from 'vitest'
import { type Figures, figuresOf, scorecardFigures } from './figures.ts'
import { goalsOf, isReached } from './goals.ts'
import { compareFigures } from './last-scorecard.ts'
import { pageOf, summaryOf } from './page.ts'
import { ruleFilter } from './plan.ts'
import { duration, tableOf } from './report.ts'
import type { CommunityResult, RuleScore } from './results.ts'

function rule(over: Partial<RuleScore> = {}): RuleScore {
  return {
    ref: 'E1',
    kind: 'safety',
    labelled: 20,
    found: 20,
    late: 0,
    right: 20,
    wrong: 0,
    following: 0,
    decoys: 5,
    fooled: 0,
    delays: [45_000, 46_000],
    ...over,
  }
}

function resultOf(rules: readonly RuleScore[], falseVisits = 0): CommunityResult {
  return {
    rules,
    falseVisits,
    devices: 100,
    deviceDays: 1000,
    residentMonths: 20,
    messages: 5000,
    details: [],
    problems: [],
  }
}

const figures = (...results: readonly CommunityResult[]): Figures =>
  figuresOf(results, { seed: 's', days: 10 })
const good = [rule(), rule({ ref: 'H1', kind: 'welfare' })]

describe('figures', () => {
  test('adds up the communities before computing ratios', () => {
    const both = figures(
      resultOf([rule({ labelled: 10, found: 10, right: 10, delays: [1000, 9000] })], 1),
      resultOf([rule({ labelled: 30, found: 20, late: 2, right: 21, wrong: 9, delays: [2000, 3000] })], 2),
    )
    expect(both).toMatchObject({
      communities: 2,
      devices: 200,
      deviceDays: 2000,
      falseVisitsPerResidentMonth: 0.075,
    })
    expect(both.rules).toMatchObject([
      { labelled: 40, found: 30, late: 2, recall: 0.75, right: 31, wrong: 9, precision: 0.775, decoys: 10 },
    ])
    expect(both.rules[0]).toMatchObject({ delayP50: 2, delayP95: 9, falsePer1000DeviceDays: 4.5 })
  })

  test('has no recall and precision for a rule without labels or alerts', () => {
    const none = rule({ labelled: 0, found: 0, right: 0, delays: [] })
    expect(figures(resultOf([none])).rules[0]).toMatchObject({
      recall: null,
      precision: null,
      delayP50: null,
    })
  })

  test('can be parsed again after saving', () => {
    const saved = figures(resultOf(good))
    expect(scorecardFigures.parse(JSON.parse(JSON.stringify(saved)))).toEqual(saved)
  })
})

describe('goals', () => {
  const missedBy = (...results: readonly CommunityResult[]) =>
    goalsOf(figures(...results))
      .filter((goal) => !isReached(goal))
      .map(({ name }) => name)
  const both = resultOf(good)

  test('reaches all goals', () => expect(missedBy(both, both)).toEqual([]))
  test.each([
    [
      'one missed entrapment',
      [rule({ found: 19 }), rule({ ref: 'H1', kind: 'welfare' })],
      'recall of safety rules',
    ],
    [
      'one missed welfare fault in twenty',
      [rule(), rule({ ref: 'H1', kind: 'welfare', found: 19 })],
      'recall of welfare rules',
    ],
    [
      'three false entrapments in forty',
      [rule({ wrong: 3 }), rule({ ref: 'H1', kind: 'welfare' })],
      'precision of safety rules',
    ],
    [
      'a slow entrapment',
      [rule({ delays: [51_000] }), rule({ ref: 'H1', kind: 'welfare' })],
      'entrapment between floors, delay p95 (s)',
    ],
    [
      'few labels',
      [...good, rule({ ref: 'B1', kind: 'sanitation', labelled: 3, found: 3 })],
      'rules with fewer than 30 labelled faults',
    ],
  ] as const)('misses one goal with %s', (_, rules, name) => {
    expect(missedBy(resultOf(rules), both)).toEqual([name])
  })
  test('misses the visit goal with one visit too many', () =>
    expect(missedBy(resultOf(good, 9), both)).toEqual(['false welfare visits per resident-month']))
  test('reaches no goal without data', () => expect(missedBy(resultOf([])).length).toBeGreaterThan(3))
})

describe('comparison', () => {
  test('lists better, worse, new and removed rules, and no unchanged ones', () => {
    const before = figures(
      resultOf([rule({ found: 18, fooled: 1 }), rule({ ref: 'H1' }), rule({ ref: 'L9' })]),
    )
    const now = figures(resultOf([rule({ wrong: 5 }), rule({ ref: 'H1' }), rule({ ref: 'L10' })]))
    expect(compareFigures(before, now)).toEqual([
      'better: E1 recall 0.9 -> 1',
      'worse: E1 precision 1 -> 0.8',
      'better: E1 false alerts on decoys 1 -> 0',
      'new: L10',
      'removed: L9',
    ])
    expect(compareFigures(now, now)).toEqual([])
  })

  test('ignores delay changes below 5 %', () => {
    const slow = figures(resultOf([rule({ delays: [100_000] })]))
    const about = figures(resultOf([rule({ delays: [104_000] })]))
    const slower = figures(resultOf([rule({ delays: [120_000] })]))
    expect(compareFigures(slow, about)).toEqual([])
    expect(compareFigures(slow, slower)).toEqual(['worse: E1 delay p95 (s) 100 -> 120'])
  })
})

describe('output', () => {
  test.each([
    [1500, '1.5 s'],
    [45_000, '45 s'],
    [600_000, '10 min'],
    [48 * 3_600_000 - 1, '48.0 h'],
    [5 * 86_400_000, '5.0 d'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text))

  test('prints one aligned line per rule', () => {
    const lines = tableOf(figures(resultOf(good)).rules)
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/^ *E1 +20 +20 +1\.000 +20 +0 +1\.000/)
  })

  test('shows the figures on the page and in both summaries', () => {
    const saved = figures(resultOf(good))
    expect(pageOf(saved)).toContain('| E1 | safety | 20 | 20 | 1.000 |')
    expect(summaryOf(saved, 'en')).toContain('| Safety | 1 | 20 | 1.000 | 1.000 | 0.000 |')
    expect(summaryOf(saved, 'zh')).toContain('| 安全 | 1 | 20 | 1.000 | 1.000 | 0.000 |')
  })
})

test('--only accepts rules and families', () => {
  const wants = ruleFilter('E1, H')
  expect(['E1', 'E10', 'H9', 'L1'].filter(wants)).toEqual(['E1', 'H9'])
  expect(['E1', 'L1'].filter(ruleFilter(undefined))).toEqual(['E1', 'L1'])
})
