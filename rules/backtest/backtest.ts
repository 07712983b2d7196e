/** The very engine over a recorded log: which alerts these rules would have given. */
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
  /** Sorted by `receivedAt`. Numbered here as a journal would. */
  readonly entries: Iterable<DeviceEntry>
}

export interface BacktestResult {
  /** Sorted by `raisedAt`, then rule and device. */
  readonly episodes: readonly Episode[]
  readonly stats: Pick<EngineStats, 'entries' | 'unknownDevices' | 'failures'>
}

export interface BacktestSizes extends PartitionSizes {
  /** So many entries are judged part after part before the next are taken. */
  readonly batch: number
}

/** Some fifty readings of each of a thousand devices; larger parts or shorter stretches are slower. */
const defaultSizes: BacktestSizes = { minDevices: 30, maxGroup: 120, batch: 131_072 }

/**
 * The log ends with its last entry: nothing is said about the time after it. It is judged in parts of the community, which
 * is faster than by one engine and comes to the same.
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

/** Of each part the places of its entries. */
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

/** Every entry is heard by one of `engines`. */
function statsOf(engines: readonly Engine[], all: readonly Engine[]): BacktestResult['stats'] {
  const sum = (count: (stats: EngineStats) => number): number =>
    engines.reduce((total, engine) => total + count(engine.stats()), 0)
  return {
    entries: sum((stats) => stats.entries),
    unknownDevices: sum((stats) => stats.unknownDevices),
    failures: all.flatMap((engine) => engine.stats().failures).slice(0, keptFailures),
  }
}
