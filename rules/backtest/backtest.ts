/** The very engine over a recorded log: which alerts these rules would have given. */
import type { DeviceEntry } from '../../model/entry.ts'
import { isAboutAlert } from '../../model/finding.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createEngine, type Engine, type EngineStats, keptFailures } from '../engine/engine.ts'
import { judgeStretch, type Stretch, type Tell } from './batch.ts'
import { type Episode, foldFinding, inOrder } from './episodes.ts'
import { divide, type PartSizes } from './partitions.ts'

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

export interface BacktestSizes extends PartSizes {
  /** So many entries are judged part after part before the next are taken. */
  readonly stretch: number
}

/** Some fifty readings of each of a thousand devices; larger parts or shorter stretches are slower. */
const usual: BacktestSizes = { full: 30, widest: 120, stretch: 131_072 }

/**
 * The log ends with its last entry: nothing is said about the time after it. It is judged in parts of the community, which
 * is faster than by one engine and comes to the same.
 */
export function backtest(
  { rules, directory, entries }: BacktestInput,
  sizes: BacktestSizes = usual,
): BacktestResult {
  const { small, wide, partOf } = divide({ rules, directory }, sizes)
  const engines = small.map(createEngine)
  const all = wide ? [...engines, createEngine(wide)] : engines
  const episodes = new Map<string, Episode>()
  const take: Tell = (findings) => {
    for (const finding of findings) if (isAboutAlert(finding)) foldFinding(episodes, finding, directory)
  }
  for (const stretch of stretchesOf(entries, sizes.stretch)) {
    const shares: Iterable<number>[] = sharesOf(stretch, engines.length, partOf)
    if (wide) shares.push(stretch.entries.keys())
    all.forEach((engine, part) => {
      judgeStretch(engine, stretch, shares[part] ?? [], take)
    })
  }
  return { episodes: inOrder(episodes.values()), stats: statsOf(engines, all) }
}

function* stretchesOf(entries: Iterable<DeviceEntry>, length: number): Generator<Stretch> {
  let stretch: DeviceEntry[] = []
  let first = 1
  for (const entry of entries) {
    stretch.push(entry)
    if (stretch.length < length) continue
    yield { first, entries: stretch }
    first += length
    stretch = []
  }
  if (stretch.length > 0) yield { first, entries: stretch }
}

/** Of each part the places of its entries. */
function sharesOf({ entries }: Stretch, parts: number, partOf: (device: string) => number): number[][] {
  const shares = Array.from({ length: parts }, (): number[] => [])
  entries.forEach(({ device }, index) => {
    shares[partOf(device)]?.push(index)
  })
  return shares
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
