/** Runs the hub's engine over a recorded log: the alerts these rules would have raised. */
import type { DeviceEntry } from '../../model/entry.ts'
import { isAboutAlert } from '../../model/finding.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createEngine, type Engine, type EngineStats, keptFailures } from '../engine/engine.ts'
import { type Batch, evaluateBatch, type OnFindings } from './batch.ts'
import { type Episode, foldFinding, sortEpisodes } from './episodes.ts'
import { divideByGroup, type PartitionSizes } from './partitions.ts'

export type { Episode } from './episodes.ts'

export interface BacktestInput {
  readonly rules: CompiledRules
  readonly directory: Directory
  /** Sorted by `receivedAt`; numbered from 1 as in a journal. */
  readonly entries: Iterable<DeviceEntry>
}

export interface BacktestResult {
  /** Sorted by `raisedAt`, then rule and device. */
  readonly episodes: readonly Episode[]
  readonly stats: Pick<EngineStats, 'entries' | 'unknownDevices' | 'failures'>
}

export interface BacktestSizes extends PartitionSizes {
  /** Entries that every partition evaluates before the next batch is read. */
  readonly batch: number
}

/** About fifty readings of each of a thousand devices; larger partitions or smaller batches are slower. */
const defaultSizes: BacktestSizes = { minDevices: 30, maxGroup: 120, batch: 131_072 }

/**
 * Evaluates a log, one partition of the community after another: faster than one engine, with the same result
 * (docs/decisions/0014). Nothing is evaluated after the last entry.
 */
export function backtest(
  { rules, directory, entries }: BacktestInput,
  sizes: BacktestSizes = defaultSizes,
): BacktestResult {
  const { partitions: small, wide, partitionOf: partOf } = divideByGroup({ rules, directory }, sizes)
  const engines = small.map(createEngine)
  const all = wide ? [...engines, createEngine(wide)] : engines
  const episodes = new Map<string, Episode>()
  const collect: OnFindings = (findings) => {
    for (const finding of findings) if (isAboutAlert(finding)) foldFinding(episodes, finding, directory)
  }
  for (const batch of batchesOf(entries, sizes.batch)) {
    const indexes: Iterable<number>[] = indexesByPartition(batch, engines.length, partOf)
    if (wide) indexes.push(batch.entries.keys())
    all.forEach((engine, part) => {
      evaluateBatch(engine, batch, indexes[part] ?? [], collect)
    })
  }
  return { episodes: sortEpisodes(episodes.values()), stats: statsOf(engines, all) }
}

function* batchesOf(entries: Iterable<DeviceEntry>, length: number): Generator<Batch> {
  let batch: DeviceEntry[] = []
  let first = 1
  for (const entry of entries) {
    batch.push(entry)
    if (batch.length < length) continue
    yield { first, entries: batch }
    first += length
    batch = []
  }
  if (batch.length > 0) yield { first, entries: batch }
}

/** The indexes of the entries of each partition. */
function indexesByPartition(
  { entries }: Batch,
  count: number,
  partOf: (device: string) => number,
): number[][] {
  const indexes = Array.from({ length: count }, (): number[] => [])
  entries.forEach(({ device }, index) => {
    indexes[partOf(device)]?.push(index)
  })
  return indexes
}

/** Each entry is evaluated by exactly one of `engines`; `all` includes the one for wide groups. */
function statsOf(engines: readonly Engine[], all: readonly Engine[]): BacktestResult['stats'] {
  const sum = (count: (stats: EngineStats) => number): number =>
    engines.reduce((total, engine) => total + count(engine.stats()), 0)
  return {
    entries: sum((stats) => stats.entries),
    unknownDevices: sum((stats) => stats.unknownDevices),
    failures: all.flatMap((engine) => engine.stats().failures).slice(0, keptFailures),
  }
}
