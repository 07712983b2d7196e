/** `scorecard`: how well the rules notice what was made to happen in simulated communities, and what they invent. */
import { Command } from 'commander'
import { loadRules } from '../app/files.ts'
import { compareFigures } from '../evaluation/compare.ts'
import { type Figures, figuresOf } from '../evaluation/figures.ts'
import { goalsOf, isReached } from '../evaluation/goals.ts'
import type { Part } from '../evaluation/measure-community.ts'
import { runParts } from '../evaluation/measure-in-threads.ts'
import { goalValue } from '../evaluation/page.ts'
import { tableOf } from '../evaluation/report.ts'
import { lastFigures, saveFigures } from '../evaluation/saved.ts'
import { LinliError } from '../model/errors.ts'
import type { CommandContext } from './context.ts'

interface ScorecardOptions {
  readonly communities: string
  readonly days: string
  readonly devices: string
  readonly perRule: string
  readonly seed: string
  readonly only?: string
  readonly rules?: string
  readonly list: string
  readonly json?: boolean
  readonly save?: boolean
  readonly strict?: boolean
}

export function scorecardCommand(context: CommandContext): Command {
  return new Command('scorecard')
    .description('Measures the rules on simulated communities with known faults: recall, precision, delay')
    .option('--communities <count>', 'each in a thread of its own', '2')
    .option('--days <days>', 'simulated days', '60')
    .option('--devices <count>', 'at least so many in each community', '2000')
    .option('--per-rule <count>', 'faults, and decoys, of each rule in all communities', '30')
    .option('--seed <seed>', 'same seed, same communities, faults and figures', 'scorecard')
    .option('--only <refs>', 'only these rules and their faults: E1,E9 or a whole family as E')
    .option('--rules <dir>', 'folder of rule files instead of the shipped ones')
    .option('--list <count>', 'missed faults and false alerts told of each rule', '3')
    .option('--json', 'the figures as JSON')
    .option('--save', 'keep the figures in docs/ as the last scorecard')
    .option('--strict', 'exit code 1 when a goal is missed')
    .action((options: ScorecardOptions) => run(options, context))
}

async function run(options: ScorecardOptions, context: CommandContext): Promise<void> {
  if (options.save && options.only !== undefined)
    throw new LinliError('USAGE', '--save keeps a scorecard of all rules, so it does not go with --only')
  // Bad rules are told before any thread begins.
  loadRules(options.rules ?? null)
  const days = whole('--days', options.days)
  const { seed } = options
  const parts = await runParts({
    seed,
    days,
    communities: whole('--communities', options.communities),
    devices: whole('--devices', options.devices),
    perRule: whole('--per-rule', options.perRule),
    list: whole('--list', options.list),
    ...(options.only !== undefined && { only: options.only }),
    ...(options.rules !== undefined && { rules: options.rules }),
    signal: context.stopped,
    progress: progressOf(context, days),
  })
  const figures = figuresOf(parts, { seed, days })
  if (options.json) context.print(JSON.stringify(figures, null, 2))
  else tell(figures, parts, context)
  if (options.save) saveFigures(figures)
  const missed = goalsOf(figures).filter((goal) => !isReached(goal))
  if (options.strict && missed.length > 0)
    throw new LinliError(
      'GOALS_MISSED',
      missed.map(({ name, value }) => `${name}: ${goalValue(value)}`).join('; '),
    )
}

/** Every fifth simulated day. */
function progressOf({ now, printError }: CommandContext, days: number) {
  const began = now()
  return (community: number, day: number, messages: number): void => {
    if (day % 5 !== 0) return
    const rate = Math.round(messages / ((now() - began) / 1000))
    printError(`community ${community}: day ${day} of ${days}, ${messages} messages, ${rate} a second`)
  }
}

function tell(figures: Figures, parts: readonly Part[], { print, printError }: CommandContext): void {
  for (const { details } of parts) for (const line of details) print(line)
  for (const line of tableOf(figures.rules)) print(line)
  const { messages, deviceDays, falseVisitsPerResidentMonth } = figures
  print(
    `${messages} messages, ${deviceDays} device-days, ${falseVisitsPerResidentMonth} false welfare visits a resident-month`,
  )
  for (const goal of goalsOf(figures))
    print(`${isReached(goal) ? 'reached' : 'MISSED '}  ${goal.name}: ${goalValue(goal.value)}`)
  const last = lastFigures()
  for (const line of last ? compareFigures(last, figures) : ['no scorecard was kept yet']) print(line)
  for (const { troubles } of parts) for (const line of troubles) printError(line)
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new LinliError('USAGE', `${name} must be a whole number above 0, not ${text}`)
  return value
}
