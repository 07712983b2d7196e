/** `scorecard`: how well the rules notice what was made to happen in simulated communities, and what they invent. */
import { Command } from 'commander'
import { buildDirectory } from '../community/directory.ts'
import { communityFile } from '../model/community-file.ts'
import { LinliError } from '../model/errors.ts'
import type { CompiledRules } from '../rules/compiled-rule.ts'
import { deliver } from '../simulators/delivery.ts'
import { hearSimulation } from '../simulators/heard.ts'
import { scorecardCommunity } from '../simulators/scorecard-community.ts'
import { scorecardDisturbances, troubleOf } from '../simulators/scorecard-disturbances.ts'
import { scorecardPlan } from '../simulators/scorecard-plan.ts'
import type { CommandContext } from './context.ts'
import { loadRules } from './files.ts'
import { detailsOf, tableOf } from './scorecard/report.ts'
import { runSimulation } from './scorecard/run.ts'
import { score } from './scorecard/score.ts'

interface ScorecardOptions {
  readonly days: string
  readonly devices: string
  readonly perRule: string
  readonly seed: string
  readonly only?: string
  readonly rules?: string
  readonly list: string
}

const DAY_MS = 86_400_000
/** A Sunday, midnight in Shanghai. */
const START = Date.parse('2026-02-28T16:00:00Z')
/** Lamps with nothing new to tell report every five minutes, as most controllers do; a fault tells itself at once. */
const pace = new Map([['streetlight', 300_000]])

export function scorecardCommand(context: CommandContext): Command {
  return new Command('scorecard')
    .description('Measures the rules on a simulated community with known faults: recall, precision, delay')
    .option('--days <days>', 'simulated days', '60')
    .option('--devices <count>', 'at least so many devices', '2000')
    .option('--per-rule <count>', 'faults, and decoys, of each rule', '30')
    .option('--seed <seed>', 'same seed, same community, faults and figures', 'scorecard')
    .option('--only <refs>', 'only these rules and their faults: E1,E9 or a whole family as E')
    .option('--rules <dir>', 'folder of rule files instead of the shipped ones')
    .option('--list <count>', 'missed faults and false alerts told of each rule', '3')
    .action((options: ScorecardOptions) => run(options, context))
}

async function run(options: ScorecardOptions, context: CommandContext): Promise<void> {
  const wants = chosenBy(options.only)
  const to = START + whole('--days', options.days) * DAY_MS
  const community = communityFile.parse(scorecardCommunity(options.seed, whole('--devices', options.devices)))
  const perRule = whole('--per-rule', options.perRule)
  const { seed } = options
  const { plan, short } = scorecardPlan({ community, seed, from: START, to, perRule, wants })
  for (const { fault, wanted, placed } of short)
    context.printError(`only ${placed} of ${wanted} ${fault} found room`)
  const disturbed = scorecardDisturbances({ community, seed, from: START, to })
  const began = context.now()
  const measured = runSimulation({
    rules: rulesOf(loadRules(options.rules ?? null), wants),
    directory: buildDirectory(community),
    heard: deliver(hearSimulation({ community, seed, plan, from: START, to, pace }), {
      planned: disturbed,
      seed,
    }),
    deaf: disturbed.filter(({ disturbance }) => disturbance.deafens),
    from: START,
    to,
    progress: (now, messages) => {
      const seconds = (context.now() - began) / 1000
      const rate = Math.round(messages / seconds)
      context.printError(`day ${Math.round((now - START) / DAY_MS)}: ${messages} messages, ${rate} a second`)
    },
  })
  const result = score(measured, { plan, troubleOf: (one) => troubleOf(disturbed, one) })
  for (const line of detailsOf(result, whole('--list', options.list))) context.print(line)
  const deviceDays = measured.devices * measured.days
  for (const line of tableOf(result.rules, deviceDays)) context.print(line)
  const months = (measured.residents * measured.days) / 30
  context.print(
    `${plan.length} faults and decoys, ${measured.messages} messages, ${Math.round(deviceDays)} device-days, ` +
      `${(result.falseVisits / months).toFixed(3)} false welfare visits a resident-month`,
  )
  for (const [what, count] of Object.entries(measured.unread))
    context.printError(`${count} messages not read whole: ${what}`)
  for (const failure of measured.failures) context.printError(`rule failed: ${failure}`)
}

/** `E1,H` = E1 and all of H. */
export function chosenBy(only: string | undefined): (ref: string) => boolean {
  if (only === undefined) return () => true
  const words = only.split(',').map((word) => word.trim())
  return (ref) => words.some((word) => word === ref || word === ref.replace(/\d.*$/, ''))
}

const rulesOf = ({ list, layouts }: CompiledRules, wants: (ref: string) => boolean): CompiledRules => ({
  list: list.filter(({ ref }) => wants(ref)),
  layouts,
})

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0)
    throw new LinliError('USAGE', `${name} must be a whole number, not ${text}`)
  return value
}
