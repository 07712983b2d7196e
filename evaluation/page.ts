/** The scorecard as Markdown: `docs/scorecard.md` and the short table of the README. */
import { type AlertKind, alertKindLabels, alertKinds } from '../model/severity.ts'
import type { Text } from '../model/text.ts'
import type { Figures, RuleFigures } from './figures.ts'
import { type Goal, goalsOf, isReached } from './goals.ts'
import { seconds, share } from './report.ts'

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const number = new Intl.NumberFormat('en-US')

/** The text of `docs/scorecard.md`. */
export function pageOf(figures: Figures): string {
  return `${[
    '# Scorecard',
    'Written by `npm run scorecard -- --save`. Simulated communities with labelled faults of every rule run through the pipeline, rules engine and alert list of the hub; the alerts are compared with the plan.',
    runText(figures),
    '## Goals',
    goalTable(goalsOf(figures)),
    '## Rules',
    columnsText,
    ruleTable(figures.rules),
  ].join('\n\n')}\n`
}

function runText(figures: Figures): string {
  const { communities, devices, days, messages, deviceDays, residentMonths, seed } = figures
  return `${communities} communities with ${number.format(devices)} devices in total, ${days} days, ${number.format(messages)} messages, ${number.format(deviceDays)} device-days, ${number.format(residentMonths)} resident-months; seed \`${seed}\`. A share of the devices has duplicated, reordered or delayed messages or a wrong clock, and the hub itself has an outage of ten minutes every 15 days.`
}

const columnsText =
  'Found: alert visible before the deadline of the labelled fault. Right: true positives; false: false positives, alerts that nothing explains. Following: explained by the fault of another rule or a disturbance, or inhibited by their cause. Delay: from the start of the fault until the alert is visible. Decoys resemble the fault but are not; fooled: decoys that raised an alert.'

function goalTable(goals: readonly Goal[]): string {
  return table(
    ['Goal', 'Measured', 'Wanted', 'Reached'],
    goals.map((goal) => [
      goal.name,
      goalValue(goal.value),
      'atLeast' in goal.bound ? `>= ${goal.bound.atLeast}` : `<= ${goal.bound.atMost}`,
      isReached(goal) ? 'yes' : '**no**',
    ]),
  )
}

/** A measured value with at most 4 decimals, `-` if there is none. */
export const goalValue = (value: number): string =>
  Number.isNaN(value) ? '-' : `${Number(value.toFixed(4))}`

function ruleTable(rules: readonly RuleFigures[]): string {
  return table(
    [
      'Rule',
      'Kind',
      'Labelled',
      'Found',
      'Recall',
      'Right',
      'False',
      'Precision',
      'Following',
      'Delay p50',
      'p95',
      'False per 1,000 device-days',
      'Decoys',
      'Fooled',
    ],
    rules.map((rule) => [
      rule.ref,
      rule.kind ?? '-',
      `${rule.labelled}`,
      `${rule.found}`,
      share(rule.recall),
      `${rule.right}`,
      `${rule.wrong}`,
      share(rule.precision),
      `${rule.following}`,
      seconds(rule.delayP50),
      seconds(rule.delayP95),
      rule.falsePer1000DeviceDays.toFixed(3),
      `${rule.decoys}`,
      `${rule.fooled}`,
    ]),
  )
}

const heads: Readonly<Record<keyof Text, Row>> = {
  en: [
    'Rules about',
    'Rules',
    'Labelled faults',
    'Recall',
    'Precision',
    'False alerts per 1,000 device-days',
  ],
  zh: ['规则类别', '规则数', '标注故障', '召回率', '精确率', '每千设备·天误报'],
}

/** For the README: one row per alert kind, and the size of the run. */
export function summaryOf(figures: Figures, language: keyof Text): string {
  const rows = alertKinds.flatMap((kind) => kindRow(figures, kind, language))
  return [table(heads[language], rows), summaryText(figures, language)].join('\n\n')
}

function kindRow({ rules, deviceDays }: Figures, kind: AlertKind, language: keyof Text): Row[] {
  const mine = rules.filter((rule) => rule.kind === kind)
  if (mine.length === 0) return []
  const sum = (of: (rule: RuleFigures) => number): number => mine.reduce((total, rule) => total + of(rule), 0)
  const [labelled, right, wrong] = [sum((r) => r.labelled), sum((r) => r.right), sum((r) => r.wrong)]
  return [
    [
      alertKindLabels[kind][language],
      `${mine.length}`,
      `${labelled}`,
      share(labelled === 0 ? null : sum((r) => r.found) / labelled),
      share(right + wrong === 0 ? null : right / (right + wrong)),
      ((wrong * 1000) / deviceDays).toFixed(3),
    ],
  ]
}

function summaryText(figures: Figures, language: keyof Text): string {
  const { communities, devices, days, falseVisitsPerResidentMonth: visits, rules } = figures
  const delay = seconds(rules.find(({ ref }) => ref === 'E1')?.delayP95 ?? null)
  if (language === 'zh')
    return `${communities} 个模拟社区，共 ${number.format(devices)} 台设备，${days} 天；每位老人每月误上门 ${visits} 次；困人告警延迟 p95 ${delay}。逐条规则见 [docs/scorecard.md](docs/scorecard.md)。`
  return `${communities} simulated communities, ${number.format(devices)} devices in total, ${days} days; ${visits} false welfare visits per resident-month; entrapment alert after ${delay} (p95). Figures per rule: [docs/scorecard.md](docs/scorecard.md).`
}
