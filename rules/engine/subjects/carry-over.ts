/**
 * Carries state over when timelines are rebuilt. The rules about one group (a circuit, a home) may be spread over
 * several timelines by the members they select, and that changes with rules and devices. A rule that only moves to
 * another timeline keeps its state and its open episode.
 */

import { removedText } from '../evaluate/texts.ts'
import { unevaluated } from '../evaluate/view.ts'
import type { Run } from '../run.ts'
import type { TimelineRow } from '../snapshot/rows.ts'
import type { Episode, Timeline } from '../types.ts'
import { cellNames } from './registry.ts'

/** Ids contain no colon: `c:c1:weak` and `c:c1` belong to the same group. */
export const groupOfKey = (key: string): string => key.split(':', 2).join(':')
export const isGroupKey = (key: string): boolean => !key.startsWith('d:') && !key.startsWith('device:')

/**
 * Copies the state of remaining rules and members. The ring is not copied, so late readings count as too late once.
 * `from`: timelines of its group.
 */
export function carryOver(to: Timeline, from: readonly Timeline[]): void {
  const cellOf = new Map(cellNames(to).map((name, cell) => [name, cell]))
  const donors = from.filter((one) => one.key === to.key || cellNames(one).some((name) => cellOf.has(name)))
  for (const donor of donors) {
    cellNames(donor).forEach((name, cell) => {
      const target = cellOf.get(name)
      if (target !== undefined && donor.cells[cell] !== undefined) to.cells[target] = donor.cells[cell]
    })
  }
  const formerly = Map.groupBy(
    donors.flatMap(({ members }) => members),
    ({ record }) => record,
  )
  for (const member of to.members) {
    const former = formerly.get(member.record)?.find(({ layout }) => layout.type === member.layout.type)
    if (!former) continue
    // The rule may have changed: the next report must be evaluated even when its values are the same.
    member.view = unevaluated(former.view)
    member.base = member.view
    member.newestTs = former.newestTs
    member.behind = former.behind
  }
  to.newestTs = Math.max(to.newestTs, ...donors.map(({ newestTs }) => newestTs))
  to.watermark = to.newestTs
}

/** Ends the open episodes of timelines that were removed, except those that continue elsewhere in the group. */
export function endRemoved(
  run: Run,
  former: readonly Timeline[],
  known: ReadonlyMap<string, Timeline>,
): void {
  const left = former.filter((timeline) => known.get(timeline.key) !== timeline)
  if (left.length === 0) return
  const groups = new Set(left.map(({ key }) => groupOfKey(key)))
  const present = Map.groupBy(
    [...known.values()].filter(({ key }) => groups.has(groupOfKey(key))),
    ({ key }) => groupOfKey(key),
  )
  for (const timeline of left) {
    const there = present.get(groupOfKey(timeline.key)) ?? []
    endEpisodes(run, timeline, new Set(there.flatMap(cellNames)))
  }
}

/** Episodes that only a person can clear, such as a call for help, stay open. */
function endEpisodes(run: Run, timeline: Timeline, except: ReadonlySet<string>): void {
  const names = cellNames(timeline)
  for (const { rule, episodeCell } of [...timeline.instances, ...timeline.hubInstances]) {
    const episode = timeline.cells[episodeCell] as Episode | undefined
    if (!episode || episode.byPerson || except.has(names[episodeCell] as string)) continue
    run.emit(timeline, {
      rule: rule.id,
      change: 'ended',
      episode,
      at: Math.max(run.now, episode.raisedAt),
      ended: true,
      reason: removedText,
      evidence: {},
      device: timeline.members[0]?.record.device.id ?? timeline.id,
    })
  }
}

type Rows = ReadonlyMap<string, string>

/** Snapshot rows in which each rule's state is in the row of the timeline that has the rule now. */
export function regroup(rows: Rows, known: ReadonlyMap<string, Timeline>): Rows {
  const keys = Map.groupBy([...rows.keys()].filter(isGroupKey), groupOfKey)
  const timelines = Map.groupBy(
    [...known.values()].filter(({ key }) => isGroupKey(key)),
    ({ key }) => groupOfKey(key),
  )
  const moved = new Map(rows)
  for (const [group, saved] of keys) {
    const there = timelines.get(group) ?? []
    const isAsBefore = saved.length === 1 && there.length === 1 && there[0]?.key === saved[0]
    if (isAsBefore || there.length === 0) continue
    const texts = new Map(saved.map((key) => [key, JSON.parse(rows.get(key) as string) as TimelineRow]))
    for (const [key, row] of moveCells(texts, there)) moved.set(key, JSON.stringify(row))
  }
  return moved
}

/** The rows that changed, by key. */
function moveCells(
  saved: ReadonlyMap<string, TimelineRow>,
  timelines: readonly Timeline[],
): Map<string, TimelineRow> {
  const placeOf = new Map(timelines.flatMap((one) => cellNames(one).map((name) => [name, one.key])))
  const changed = new Map<string, TimelineRow>()
  for (const [key, row] of saved) {
    for (const [name, value] of Object.entries(row.cells)) {
      const target = placeOf.get(name)
      if (target === undefined || target === key) continue
      const from = changed.get(key) ?? withoutRing(row, row.cells)
      const to = changed.get(target) ?? withoutRing(saved.get(target) ?? row, saved.get(target)?.cells ?? {})
      const { [name]: _, ...rest } = from.cells
      changed.set(key, { ...from, cells: rest })
      changed.set(target, { ...to, cells: { ...to.cells, [name]: value } })
    }
  }
  return changed
}

/** Its undo values belong to rules that were elsewhere. */
const withoutRing = ({ undone: _, ...row }: TimelineRow, cells: TimelineRow['cells']): TimelineRow => ({
  ...row,
  built: '',
  ring: [],
  cells,
})
