/** Evaluates two versions of a rule on the same entries and compares their alerts. */
import type { Journaled } from '../../model/entry.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { TrialAlert, TrialList, TrialResult } from '../../model/rule-trial.ts'
import { type Episode, foldFinding, sortEpisodes } from '../backtest/episodes.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createEngine } from '../engine/engine.ts'

export interface TrialInput {
  readonly proposed: CompiledRules
  /** Undefined for a new rule. */
  readonly current: CompiledRules | undefined
  readonly directory: Directory
}

export type TrialComparison = Pick<
  TrialResult,
  'proposed' | 'current' | 'added' | 'removed' | 'moved' | 'same' | 'failures'
>

export interface Trial {
  /** Evaluates the next entry, in journal order. */
  apply(entry: Journaled): void
  result(): TrialComparison
}

/** Alerts returned in one list; a rule that raises more in a month is wrong anyway. */
const maxListed = 200

export function createTrial({ proposed, current, directory }: TrialInput): Trial {
  const [next, former] = [createSide(proposed, directory), current && createSide(current, directory)]
  return {
    apply(entry) {
      next.apply(entry)
      former?.apply(entry)
    },
    result() {
      const { failures } = next.engine.stats()
      return {
        ...compare(sortEpisodes(former?.episodes.values() ?? []), sortEpisodes(next.episodes.values())),
        failures: { count: failures.length, first: failures[0]?.message ?? null },
      }
    },
  }
}

function createSide(rules: CompiledRules, directory: Directory) {
  const engine = createEngine({ rules, directory })
  const episodes = new Map<string, Episode>()
  return {
    engine,
    episodes,
    apply(entry: Journaled): void {
      for (const finding of engine.apply(entry)) foldFinding(episodes, finding, directory)
    },
  }
}

/** Pairs each alert with one of the same subject raised at the same time, otherwise with an overlapping one. */
export function compare(
  before: readonly Episode[],
  after: readonly Episode[],
): Omit<TrialComparison, 'failures'> {
  const left = Map.groupBy(before, ({ subject }) => subject)
  const pairs = new Map<Episode, Episode>()
  for (const belongs of [isRaisedWith, overlaps]) {
    for (const episode of after) {
      const candidates = pairs.has(episode) ? undefined : left.get(episode.subject)
      const index = candidates?.findIndex((one) => belongs(one, episode)) ?? -1
      if (candidates && index >= 0) pairs.set(episode, candidates.splice(index, 1)[0] as Episode)
    }
  }
  const moved = after.flatMap((episode) => {
    const former = pairs.get(episode)
    return former && !isSame(former, episode) ? [{ before: alertOf(former), after: alertOf(episode) }] : []
  })
  const removed = sortEpisodes([...left.values()].flat())
  return {
    proposed: listOf(after.map(alertOf)),
    current: listOf(before.map(alertOf)),
    added: listOf(after.filter((episode) => !pairs.has(episode)).map(alertOf)),
    removed: listOf(removed.map(alertOf)),
    moved: listOf(moved),
    same: pairs.size - moved.length,
  }
}

const isRaisedWith = (a: Episode, b: Episode): boolean => a.raisedAt === b.raisedAt
const endOf = ({ clearedAt }: Episode): number => clearedAt ?? Number.POSITIVE_INFINITY
const overlaps = (a: Episode, b: Episode): boolean => a.raisedAt <= endOf(b) && b.raisedAt <= endOf(a)
const isSame = (a: Episode, b: Episode): boolean =>
  isRaisedWith(a, b) && a.clearedAt === b.clearedAt && a.severity === b.severity

function alertOf({ device, subject, place, severity, raisedAt, clearedAt, reason }: Episode): TrialAlert {
  return { device, subject, place, severity, raisedAt, clearedAt, reason }
}

function listOf<T>(list: readonly T[]): TrialList<T> {
  return { count: list.length, newest: list.slice(-maxListed).toReversed() }
}
