/** The very engine over a recorded log: which alerts these rules would have given. */
import type { DeviceEntry } from '../model/entry.ts'
import { isAboutAlert } from '../model/finding.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { CompiledRules } from './compiled-rule.ts'
import { createEngine, type EngineStats } from './engine.ts'
import { type Episode, foldFinding, inOrder } from './episodes.ts'

export type { Episode } from './episodes.ts'

export interface BacktestInput {
  readonly rules: CompiledRules
  readonly directory: Directory
  /** Sorted by `receivedAt`. Numbered here as a journal would. */
  readonly entries: Iterable<DeviceEntry>
}

export interface BacktestResult {
  /** Sorted by `raisedAt`, then rule and device. */
  readonly episodes: readonly Episode[]
  readonly stats: EngineStats
}

/** The log ends with its last entry: nothing is said about the time after it. */
export function backtest({ rules, directory, entries }: BacktestInput): BacktestResult {
  const engine = createEngine({ rules, directory })
  const episodes = new Map<string, Episode>()
  let seq = 0
  for (const entry of entries) {
    seq += 1
    for (const finding of engine.applyAs(seq, entry))
      if (isAboutAlert(finding)) foldFinding(episodes, finding, directory)
  }
  return { episodes: inOrder(episodes.values()), stats: engine.stats() }
}
