/** Restores devices and timelines from rows. */
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import type { Value } from '../../expression/scope.ts'
import { foldReading, isView, nothing, unevaluated } from '../evaluate/view.ts'
import { readingEntry } from '../reorder/ring-entry.ts'
import { cellNames } from '../subjects/registry.ts'
import type { Episode, OrphanedEpisode, ReadingDelta, RingEntry, Timeline, View } from '../types.ts'
import { type DeviceRow, isShort, type SavedLayouts, type SavedView, type TimelineRow } from './rows.ts'
import { restoreUndos } from './saved-undo.ts'

export function restoreDevice(text: string): DeviceRow {
  return JSON.parse(text) as DeviceRow
}

export interface Restoring {
  /** Layouts when the row was written. */
  readonly saved: SavedLayouts
  /** Hub clock of the snapshot, ms. */
  readonly at: number
  /** True for a rule that is new or changed since the snapshot. */
  readonly isNew: (rule: CompiledRule) => boolean
  /** The rows are in the former format on disk, so all of them must be written anew. */
  readonly isMigrated: boolean
}

/** Open episodes in the row of a timeline that no longer exists. `at`: time of the snapshot. */
export function orphansOf(text: string, at: number): OrphanedEpisode[] {
  return orphansIn(JSON.parse(text) as TimelineRow, at, new Map())
}

/** Episodes without a present cell. */
function orphansIn({ cells, members }: TimelineRow, at: number, cellOf: ReadonlyMap<string, number>) {
  return Object.entries(cells).flatMap(([name, value]): OrphanedEpisode[] => {
    if (!name.endsWith('!') || cellOf.has(name)) return []
    const episode = value as Episode
    const rule = name.slice(0, name.indexOf('/'))
    return episode.byPerson ? [] : [{ episode, rule, device: members[0]?.id ?? '', at }]
  })
}

/**
 * Fills a new timeline. The ring is left out when devices or rules differ from those of the row, because new rules
 * cannot go back to before they existed.
 */
export function restoreTimeline(timeline: Timeline, text: string, { saved, at, isNew }: Restoring): Restored {
  const row = JSON.parse(text) as TimelineRow
  timeline.newestTs = row.newestTs
  timeline.watermark = row.watermark
  const cellOf = new Map(cellNames(timeline).map((name, cell) => [name, cell]))
  for (const [name, value] of Object.entries(row.cells)) {
    const cell = cellOf.get(name)
    if (cell !== undefined) timeline.cells[cell] = value
  }
  const savedOf = new Map(row.members.map((member) => [member.id, member]))
  for (const member of timeline.members) {
    const from = savedOf.get(member.record.device.id)
    if (!from || (from.type ?? member.layout.type) !== member.layout.type) continue
    const place = slotMap(saved[member.layout.type] ?? [], member.layout.fields)
    member.newestTs = from.newestTs
    member.behind = from.behind
    member.view = restoreView(from.view, { place, newestTs: row.newestTs })
    member.base = from.base ? restoreView(from.base, { place, newestTs: row.newestTs }) : member.view
  }
  const isOther = row.built !== undefined && row.built !== timeline.signature
  const hasNew = isOther || [...timeline.instances, ...timeline.hubInstances].some(({ rule }) => isNew(rule))
  if (hasNew) {
    for (const member of timeline.members) {
      member.view = unevaluated(member.view)
      member.base = unevaluated(member.base)
    }
  }
  const same =
    !hasNew &&
    row.members.length === timeline.members.length &&
    row.members.every(({ id }, index) => id === timeline.members[index]?.record.device.id)
  if (same && row.undone) {
    const ring = restoreRing(timeline, row, saved)
    const undos = row.ring.map((entry) => (isShort(entry) ? entry[5] : entry.undo))
    const memberships = row.undone.map((name) => cellOf.get(name))
    restoreUndos(timeline, ring, { saved: undos, cellOf: memberships })
    for (const entry of ring) timeline.ring.append(entry)
    viewRing(timeline)
  } else timeline.watermark = timeline.newestTs
  const orphans = orphansIn(row, at, cellOf)
  return { orphans, isAsSaved: same && hasCells(timeline, row, cellOf) }
}

function hasCells({ cells }: Timeline, row: TimelineRow, cellOf: ReadonlyMap<string, number>): boolean {
  const names = Object.keys(row.cells)
  const filled = cells.reduce((count: number, value) => (value === undefined ? count : count + 1), 0)
  return names.length === filled && names.every((name) => cellOf.has(name))
}

interface Restored {
  /** Open episodes of rules that no longer exist. */
  readonly orphans: readonly OrphanedEpisode[]
  /** The row would be written unchanged: nothing was left out. */
  readonly isAsSaved: boolean
}

function restoreView(
  [slots, ages, isUnevaluated]: SavedView,
  { place, newestTs }: { place: readonly number[]; newestTs: number },
): View {
  const at = (age: number): number => (age < 0 ? 0 : newestTs - age)
  const values = place.map((old) => slots[old] ?? undefined)
  if (typeof ages === 'number') return { slots: values, ts: at(ages), at: undefined, isUnevaluated }
  const times = place.map((old) => at(ages[old] ?? -1))
  return { slots: values, ts: Math.max(0, ...times), at: times, isUnevaluated }
}

/** Restored entries are not evaluated, so their delta is not used. */
const emptyDelta = (): ReadingDelta => ({
  previous: { slots: nothing, ts: 0, at: undefined },
  reportedMask: 0,
  changedMask: 0,
  silence: 0,
})

function viewRing({ members, ring }: Timeline): void {
  const views = members.map(({ view }) => view)
  const delta = emptyDelta()
  for (const member of members) member.view = member.base
  for (const entry of ring) {
    const member = members[entry.member]
    if (isView(entry) && member) foldReading(delta, member, entry)
  }
  members.forEach((member, index) => {
    member.view = views[index] as View
  })
}

function restoreRing(timeline: Timeline, row: TimelineRow, saved: SavedLayouts): RingEntry[] {
  let reported: readonly Value[] = []
  const slotted = (member: number, reportedMeta: readonly (Value | null)[]): readonly Value[] => {
    if (reportedMeta.length === 0) return []
    const layout = timeline.members[member]?.layout
    const place = slotMap(saved[layout?.type ?? ''] ?? [], layout?.fields ?? [])
    return place.map((old) => reportedMeta[old] ?? undefined)
  }
  return row.ring.map((entry): RingEntry => {
    if (!isShort(entry)) {
      reported = slotted(entry.member, entry.reported)
      return { ...entry, reported, slots: nothing, at: undefined, undo: null, earlier: null, later: null }
    }
    const [member, before, delay, messageSeq, reportedMeta] = entry
    if (reportedMeta) reported = slotted(member, reportedMeta)
    const ts = row.newestTs - before
    const facts = { channel: 'telemetry', event: '', messageSeq: messageSeq ?? undefined } as const
    return readingEntry({ ...facts, member, ts, receivedAt: ts + delay, reported })
  })
}

/** For each field its former slot, or -1. */
function slotMap(from: readonly string[], to: readonly string[]): number[] {
  return to.map((field) => from.indexOf(field))
}
