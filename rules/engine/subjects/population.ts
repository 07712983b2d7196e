/** All devices and timelines of one engine, kept in sync with the directory. */
import { trimQuiet } from '../reorder/trim.ts'
import type { Restoring } from '../snapshot/restore.ts'
import type { SnapshotRow } from '../snapshot/rows.ts'
import type { DeviceRecord, OrphanedEpisode, Timeline } from '../types.ts'
import { changedRows, restoreSubjects } from './subject-snapshot.ts'
import { createSubjectTable, type PopulationOptions } from './subject-table.ts'
import { syncSubjects } from './sync-subjects.ts'

export interface Population {
  find(device: string): DeviceRecord | undefined
  has(timeline: Timeline): boolean
  size(): number
  /** Number of pairs of rule and device. */
  pairs(): number
  /** Synchronises with the directory: new devices are added, removed ones end. */
  sync(): void
  syncIfChanged(): void
  /** Trims the next share of idle timelines; called every second it visits all within five minutes. */
  trimSome(): void
  /** Synchronises only when a device reported new static facts. */
  syncIfMetaChanged(): void
  /** Rows as of this instant; entries may be applied while they are read. */
  snapshot(): Iterable<SnapshotRow>
  /** Restores rows step by step; returns open episodes without a timeline. */
  restoring(rows: ReadonlyMap<string, string>, saved: Restoring): Generator<void, OrphanedEpisode[]>
}

/** After this many calls of `trimSome` all timelines were visited. */
const trimRound = 300

export function createPopulation(options: PopulationOptions): Population {
  const { rules, directory, run } = options
  const table = createSubjectTable(options)
  const { records, timelines } = table
  /** Reported static facts may decide which rules apply to a device. */
  const factsMatter = rules.list.some(({ where, condition }) => where || condition.clock === 'device')
  let round = timelines.values()

  function sync(): void {
    for (const _ of syncSubjects(table));
  }

  return {
    find(id) {
      const record = records.get(id)
      if (record || !directory.device(id)) return record
      sync()
      return records.get(id)
    },
    has: (timeline) => timelines.get(timeline.key) === timeline,
    size: () => timelines.size,
    pairs: () => [...timelines.values()].reduce((sum, timeline) => sum + pairsOf(timeline), 0),
    sync,
    trimSome() {
      for (let left = timelines.size / trimRound; left > 0; left -= 1) {
        const { value } = round.next()
        if (value) trimQuiet(run, value)
        else round = timelines.values()
      }
    },
    syncIfMetaChanged() {
      if (run.metaChanged && factsMatter) sync()
    },
    syncIfChanged() {
      if (directory.devices() !== table.devices || (run.metaChanged && factsMatter)) sync()
    },
    snapshot: () => changedRows(table),
    restoring: (rows, saved) => restoreSubjects(table, rows, saved),
  }
}

function pairsOf({ instances, hubInstances }: Timeline): number {
  return [...instances, ...hubInstances].reduce(
    (sum, { concerns }) => sum + concerns.filter(Boolean).length,
    0,
  )
}
