/** `backtest`: the alerts that rules would have raised on a recorded log, with the hub's own pipeline and engine. */
import { Command, Option } from 'commander'
import { loadCommunity, loadRules } from '../app/files.ts'
import { buildDirectory } from '../community/directory.ts'
import { ingestOptions } from '../ingest/options.ts'
import { createPipeline } from '../ingest/pipeline.ts'
import { replayClock } from '../model/clock.ts'
import type { DeviceEntry } from '../model/entry.ts'
import { formatProblem } from '../model/errors.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Language } from '../model/text.ts'
import { backtest, type Episode } from '../rules/backtest/backtest.ts'
import { indexLog, type LogIndex } from '../simulators/replay/log-index.ts'
import type { CommandContext } from './context.ts'

interface BacktestOptions {
  readonly log: string
  readonly community: string
  readonly rules?: string
  readonly json?: boolean
  readonly clock: 'log' | 'replay'
  readonly language: Language
}

export function backtestCommand(context: CommandContext): Command {
  return new Command('backtest')
    .description('Lists the alerts that the rules would have raised on a recorded log')
    .requiredOption('--log <file>', 'recorded log (JSON Lines)')
    .requiredOption('--community <file>', 'the community file')
    .option('--rules <dir>', 'folder of rule files instead of the shipped ones')
    .option('--json', 'print one line of JSON per alert')
    .addOption(
      new Option(
        '--clock <clock>',
        'hub time: receivedAt of the log, or the newest ts as in a hub with --clock replay',
      )
        .choices(['log', 'replay'])
        .default('log'),
    )
    .addOption(
      new Option('--language <language>', 'language of place and reason').choices(['zh', 'en']).default('en'),
    )
    .action((options: BacktestOptions) => run(options, context))
}

async function run(options: BacktestOptions, context: CommandContext): Promise<void> {
  const directory = buildDirectory(await loadCommunity(options.community))
  const rules = loadRules(options.rules ?? null, (one) => context.printError(formatProblem(one)))
  const index = await indexLog(options.log)
  for (const { line, fault } of index.bad) context.printError(`${options.log}:${line}: ${fault}`)
  const notListed = index.badCount - index.bad.length
  if (notListed > 0) context.printError(`${options.log}: ${notListed} more lines are not messages`)
  const { entries, rejected } = await readLog(index, directory, options.clock)
  const { episodes, stats } = backtest({ rules, directory, entries })
  const format = options.json ? jsonLine : textLine
  for (const episode of episodes) context.print(format(episode, options.language))
  for (const [reason, count] of rejected) context.printError(`${count} messages rejected: ${reason}`)
  for (const failure of stats.failures)
    context.printError(
      `rule ${failure.rule} failed ${failure.count} times on ${failure.subject}: ${failure.message}`,
    )
}

/** The entries that a live hub would have written to its journal, and how many messages it would have quarantined. */
async function readLog(index: LogIndex, directory: Directory, clock: BacktestOptions['clock']) {
  const entries: DeviceEntry[] = []
  const rejected = new Map<string, number>()
  const pipeline = createPipeline(ingestOptions.parse({}).duplicateWindow, () => directory)
  const hubTime = createLogTime(clock)
  for await (const { receivedAt, message } of index.read()) {
    const result = pipeline.ingest(message, (ts) => hubTime(receivedAt, ts))
    if (result.kind === 'accepted') entries.push(result.entry)
    if (result.kind === 'quarantined') rejected.set(result.reason, (rejected.get(result.reason) ?? 0) + 1)
  }
  return { entries, rejected }
}

/** Hub time of a logged message, ms; never decreases, as in a live hub. */
function createLogTime(clock: BacktestOptions['clock']): (receivedAt: number, ts: unknown) => number {
  const replay = replayClock()
  let now = 0
  return (receivedAt, ts) => {
    if (clock === 'replay' && typeof ts === 'string') replay.observe(Date.parse(ts))
    now = Math.max(now, clock === 'replay' ? replay.now() : receivedAt)
    return now
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** One alert as JSON. Fields and their order are a contract: alerts of two runs are compared byte by byte. */
export function jsonLine(episode: Episode, language: Language): string {
  const { rule, ref, device, place, kind, severity, raisedAt, clearedAt, reason } = episode
  return JSON.stringify({
    rule,
    ref,
    device,
    place: place[language],
    kind,
    severity,
    raisedAt: iso(raisedAt),
    clearedAt: iso(clearedAt),
    reason: reason[language],
  })
}

function textLine(episode: Episode, language: Language): string {
  const span = `${iso(episode.raisedAt)} … ${iso(episode.clearedAt) ?? 'still active'}`
  return `${span}  ${episode.ref} ${episode.severity} ${episode.device} (${episode.place[language]}): ${episode.reason[language]}`
}
