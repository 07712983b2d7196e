/** `scorecard`: evaluates the rules on simulated communities with labelled faults. */
import { Command } from 'commander'
import { loadRules } from '../app/files.ts'
import { evaluateCommunities } from '../evaluation/communities-in-threads.ts'
import { type Figures, figuresOf } from '../evaluation/figures.ts'
import { goalsOf, isReached } from '../evaluation/goals.ts'
import { compareFigures, lastFigures, saveFigures } from '../evaluation/last-scorecard.ts'
import { goalValue } from '../evaluation/page.ts'
import { tableOf } from '../evaluation/report.ts'
import type { CommunityResult } from '../evaluation/results.ts'
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
    .description('Evaluates the rules on simulated communities with known faults: recall, precision, delay')
    .option('--communities <count>', 'number of communities, each in its own thread', '2')
    .option('--days <days>', 'simulated days', '60')
    .option('--devices <count>', 'minimum number of devices per community', '2000')
    .option('--per-rule <count>', 'faults, and decoys, per rule over all communities', '30')
    .option('--seed <seed>', 'same seed, same communities, faults and figures', 'scorecard')
    .option('--only <refs>', 'only these rules and their faults: E1,E9 or a whole family such as E')
    .option('--rules <dir>', 'folder of rule files instead of the shipped ones')
    .option('--list <count>', 'missed faults and false alerts to list per rule', '3')
    .option('--json', 'print the figures as JSON')
    .option('--save', 'save the figures in docs/ as the last scorecard')
    .option('--strict', 'exit code 1 when a goal is missed')
    .action((options: ScorecardOptions) => run(options, context))
}

async function run(options: ScorecardOptions, context: CommandContext): Promise<void> {
  if (options.save && options.only !== undefined)
    throw new LinliError('USAGE', '--save needs a scorecard of all rules; do not combine it with --only')
  // Report invalid rules before any thread starts.
  loadRules(options.rules ?? null)
  const days = wholeNumber('--days', options.days)
  const { seed } = options
  const results = await evaluateCommunities({
    seed,
    days,
    communities: wholeNumber('--communities', options.communities),
    devices: wholeNumber('--devices', options.devices),
    perRule: wholeNumber('--per-rule', options.perRule),
    list: wholeNumber('--list', options.list),
    ...(options.only !== undefined && { only: options.only }),
    ...(options.rules !== undefined && { rules: options.rules }),
    signal: context.stopped,
    progress: progressOf(context, days),
  })
  const figures = figuresOf(results, { seed, days })
  if (options.json) context.print(JSON.stringify(figures, null, 2))
  else printScorecard(figures, results, context)
  if (options.save) saveFigures(figures)
  const missed = goalsOf(figures).filter((goal) => !isReached(goal))
  if (options.strict && missed.length > 0)
    throw new LinliError(
      'GOALS_MISSED',
      missed.map(({ name, value }) => `${name}: ${goalValue(value)}`).join('; '),
    )
}

/** Prints the progress every fifth simulated day. */
function progressOf({ now, printError }: CommandContext, days: number) {
  const began = now()
  return (community: number, day: number, messages: number): void => {
    if (day % 5 !== 0) return
    const rate = Math.round(messages / ((now() - began) / 1000))
    printError(`community ${community}: day ${day} of ${days}, ${messages} messages, ${rate} per second`)
  }
}

function printScorecard(
  figures: Figures,
  results: readonly CommunityResult[],
  { print, printError }: CommandContext,
): void {
  for (const { details } of results) for (const line of details) print(line)
  for (const line of tableOf(figures.rules)) print(line)
  const { messages, deviceDays, falseVisitsPerResidentMonth } = figures
  print(
    `${messages} messages, ${deviceDays} device-days, ${falseVisitsPerResidentMonth} false welfare visits per resident-month`,
  )
  for (const goal of goalsOf(figures))
    print(`${isReached(goal) ? 'reached' : 'MISSED '}  ${goal.name}: ${goalValue(goal.value)}`)
  const last = lastFigures()
  for (const line of last ? compareFigures(last, figures) : ['no saved scorecard to compare with'])
    print(line)
  for (const { problems } of results) for (const line of problems) printError(line)
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new LinliError('USAGE', `${name} must be a whole number greater than 0, not ${text}`)
  return value
}
