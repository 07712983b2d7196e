/**
 * Converts state to JSON rows and back: one row per timeline and per device, so that only changed ones are written.
 */
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import type { Value } from '../../expression/scope.ts'
import type { LinkState } from '../evaluate/link-quality.ts'
import { foldReading, isView, nothing, unevaluated } from '../evaluate/view.ts'
import { readingEntry } from '../reorder/ring-entry.ts'
import { cellNames } from '../subjects/registry.ts'
import type { HubOutage } from '../timers/hub-outage.ts'
import type {
  DeviceRecord,
  Episode,
  Member,
  OrphanedEpisode,
  ReadingDelta,
  RingEntry,
  Timeline,
  View,
} from '../types.ts'
import type { FrozenDevice, FrozenEntry, FrozenTimeline } from './frozen.ts'
import { restoreUndos, type SavedUndo, saveUndos } from './saved-undo.ts'

/** Fields by device type, in the order of slots when the rows were written. */
export type SavedLayouts = Readonly<Record<string, readonly string[]>>

export interface EngineRow {
  /** Absent in the former format. */
  readonly format?: number
  readonly now: number
  readonly seq: number
  readonly ticking: boolean
  readonly hubOutage: HubOutage | null
  readonly layouts: SavedLayouts
  /** Fingerprints by rule id of the rules that produced the state. */
  readonly rules?: Readonly<Record<string, string>>
  /** Found while a snapshot was restored, and not published yet. */
  readonly orphans?: readonly OrphanedEpisode[]
}

interface DeviceRow {
  readonly knownSince: number
  readonly lastSeenAt?: number
  readonly backlogAt?: number
  readonly reportedMeta: DeviceRecord['reportedMeta']
  readonly link?: LinkState
}

/** Values by slot, and the age (ms before the timeline's newest time) of all or of each; -1 = never. */
type SavedView = readonly [
  slots: readonly (Value | null)[],
  ages: number | readonly number[],
  isUnevaluated?: boolean,
]

interface SavedMember {
  readonly id: string
  /** Device type; absent for members without values and in rows of older versions. */
  readonly type?: string
  readonly view: SavedView
  /** Absent = the same as the view. */
  readonly base?: SavedView
  readonly newestTs: number
  readonly behind?: Member['behind']
}

/** The usual entry, a reading in order without transitions, in short form: there are many of them. */
type ShortEntry = readonly [
  member: number,
  beforeNewest: number,
  delay: number,
  messageSeq: number | null,
  /** Absent or null = the same as in the previous entry. */
  reported?: readonly (Value | null)[] | null,
  undo?: SavedUndo,
]
type LongEntry = Omit<RingEntry, 'reported' | 'slots' | 'at' | 'undo' | 'earlier' | 'later'> & {
  readonly reported: readonly (Value | null)[]
  readonly undo?: SavedUndo
}

/** Key and JSON text; null = delete the row. */
export type SnapshotRow = readonly [key: string, text: string | null]

export interface TimelineRow {
  /** Signature of the timeline; absent in rows of older versions. */
  readonly built?: string
  readonly newestTs: number
  readonly watermark: number
  readonly members: readonly SavedMember[]
  readonly cells: Readonly<Record<string, unknown>>
  readonly ring: readonly (ShortEntry | LongEntry)[]
  /** Names of cells in undo values; absent in rows of older versions, whose ring is ignored. */
  readonly undone?: readonly string[]
}

export function saveDevice({
  knownSince,
  lastSeenAt,
  backlogAt,
  reportedMeta,
  wrongClock,
  numbers,
}: FrozenDevice): string {
  const link = { wrongClock, numbers }
  const row = { knownSince, lastSeenAt, ...(backlogAt !== undefined && { backlogAt }), reportedMeta, link }
  return JSON.stringify(row satisfies DeviceRow)
}

export function restoreDevice(text: string): DeviceRow {
  return JSON.parse(text) as DeviceRow
}

export function saveTimeline(frozen: FrozenTimeline): string {
  const { timeline, newestTs, watermark, ring } = frozen
  const names = cellNames(timeline)
  const cells: Record<string, unknown> = {}
  frozen.cells.forEach((value, cell) => {
    if (value !== undefined) cells[names[cell] as string] = value
  })
  const used: number[] = []
  const undos = saveUndos(frozen, used)
  const row: TimelineRow = {
    built: timeline.signature,
    newestTs,
    watermark,
    members: frozen.members.map(({ member, view, base, ...known }) => ({
      id: member.record.device.id,
      type: member.layout.fields.length > 0 ? member.layout.type : undefined,
      view: saveView(view, newestTs),
      base: base === view ? undefined : saveView(base, newestTs),
      newestTs: known.newestTs,
      behind: known.behind,
    })),
    cells,
    ring: ring.map((one, index) =>
      saveEntry(one, { undo: undos[index], newestTs, before: ring[index - 1]?.entry.reported }),
    ),
    undone: used.map((cell) => names[cell] as string),
  }
  return JSON.stringify(row)
}

function saveView({ slots, ts, at, isUnevaluated }: View, newestTs: number): SavedView {
  const age = (time: number): number => (time === 0 ? -1 : newestTs - time)
  const ages = at?.map(age) ?? age(ts)
  return isUnevaluated ? [slots as (Value | null)[], ages, true] : [slots as (Value | null)[], ages]
}

interface Saving {
  readonly undo: SavedUndo | undefined
  readonly newestTs: number
  /** Values of the previous entry. */
  readonly before: readonly Value[] | undefined
}

function saveEntry(
  { entry, transitions }: FrozenEntry,
  { undo, newestTs, before }: Saving,
): ShortEntry | LongEntry {
  const { kind, channel, member, ts, shift, delay, messageSeq } = entry
  const reported = entry.reported as (Value | null)[]
  if (kind === 'reading' && channel === 'telemetry' && shift === 0 && !transitions) {
    const short = [member, newestTs - ts, delay, messageSeq ?? null] as const
    const changed = reported === before ? null : reported
    if (undo) return [...short, changed, undo]
    return changed ? [...short, changed] : short
  }
  const { event, link, due, rule } = entry
  return {
    kind,
    channel,
    member,
    event,
    link,
    due,
    rule,
    transitions,
    ts,
    shift,
    delay,
    messageSeq,
    reported,
    undo,
  }
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

const isShort = (entry: ShortEntry | LongEntry): entry is ShortEntry => Array.isArray(entry)

/** For each field its former slot, or -1. */
function slotMap(from: readonly string[], to: readonly string[]): number[] {
  return to.map((field) => from.indexOf(field))
}
