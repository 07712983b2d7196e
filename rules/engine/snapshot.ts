/** State to JSON rows and back, one row a timeline and one a device, so that only what changed is written. */
import type { Value } from '../expression/scope.ts'
import type { Deafness } from './deafness.ts'
import { cellNames } from './registry.ts'
import type { DeviceRecord, RingEntry, Timeline, Undo } from './types.ts'

/** Fields by device type, in the order of slots when the rows were written. */
export type SavedLayouts = Readonly<Record<string, readonly string[]>>

export interface EngineRow {
  readonly now: number
  readonly seq: number
  readonly ticking: boolean
  readonly deaf: Deafness | null
  readonly layouts: SavedLayouts
}

interface DeviceRow {
  readonly since: number
  readonly heardAt?: number
  readonly told: DeviceRecord['told']
}

interface SavedView {
  readonly slots: readonly (Value | null)[]
  readonly at: readonly number[]
}

interface SavedMember {
  readonly id: string
  readonly view: SavedView
  readonly base: SavedView
  readonly newest: number
}

type SavedEntry = Omit<RingEntry, 'own' | 'undo'> & {
  /** Absent = the same as of the entry before. */
  readonly own?: readonly (Value | null)[]
  readonly undo: readonly (readonly [string, unknown])[] | null
}

interface TimelineRow {
  readonly newest: number
  readonly horizon: number
  readonly members: readonly SavedMember[]
  readonly cells: Readonly<Record<string, unknown>>
  readonly ring: readonly SavedEntry[]
}

export function saveDevice({ since, heardAt, told }: DeviceRecord): string {
  return JSON.stringify({ since, heardAt, told } satisfies DeviceRow)
}

export function restoreDevice(text: string): DeviceRow {
  return JSON.parse(text) as DeviceRow
}

export function saveTimeline(timeline: Timeline): string {
  const names = cellNames(timeline)
  const cells: Record<string, unknown> = {}
  timeline.cells.forEach((value, cell) => {
    if (value !== undefined) cells[names[cell] as string] = value
  })
  const row: TimelineRow = {
    newest: timeline.newest,
    horizon: timeline.horizon,
    members: timeline.members.map(({ record, view, base, newest }) => ({
      id: record.device.id,
      view,
      base,
      newest,
    })),
    cells,
    ring: timeline.ring.map((entry, index) => saveEntry(entry, timeline.ring[index - 1], names)),
  }
  return JSON.stringify(row)
}

function saveEntry(entry: RingEntry, former: RingEntry | undefined, names: readonly string[]): SavedEntry {
  const { own, undo, ...rest } = entry
  const names_ = undo?.map(({ cell, value }) => [names[cell] as string, value] as const) ?? null
  return { ...rest, undo: names_, ...(own !== former?.own && { own }) }
}

export interface Restoring {
  /** Layouts as they were when the row was written. */
  readonly saved: SavedLayouts
}

/** Fills a fresh timeline. Without the ring when its devices are others than those of the row. */
export function restoreTimeline(timeline: Timeline, text: string, { saved }: Restoring): void {
  const row = JSON.parse(text) as TimelineRow
  timeline.newest = row.newest
  timeline.horizon = row.horizon
  const cellOf = new Map(cellNames(timeline).map((name, cell) => [name, cell]))
  for (const [name, value] of Object.entries(row.cells)) {
    const cell = cellOf.get(name)
    if (cell !== undefined) timeline.cells[cell] = value
  }
  for (const member of timeline.members) {
    const from = row.members.find(({ id }) => id === member.record.device.id)
    if (!from) continue
    const place = slotMap(saved[member.layout.type] ?? [], member.layout.fields)
    member.newest = from.newest
    for (const [view, told] of [
      [member.view, from.view],
      [member.base, from.base],
    ] as const) {
      place.forEach((old, slot) => {
        view.slots[slot] = old < 0 ? undefined : (told.slots[old] ?? undefined)
        view.at[slot] = old < 0 ? 0 : (told.at[old] ?? 0)
      })
    }
  }
  const same =
    row.members.length === timeline.members.length &&
    row.members.every(({ id }, index) => id === timeline.members[index]?.record.device.id)
  if (same) timeline.ring = restoreRing(timeline, row.ring, { cellOf, saved })
  else timeline.horizon = timeline.newest
}

interface RingRestoring extends Restoring {
  readonly cellOf: ReadonlyMap<string, number>
}

function restoreRing(
  timeline: Timeline,
  entries: readonly SavedEntry[],
  { cellOf, saved }: RingRestoring,
): RingEntry[] {
  let own: readonly Value[] = []
  return entries.map((entry) => {
    const layout = timeline.members[entry.member]?.layout
    if (entry.own && entry.own.length > 0) {
      const told = entry.own
      own = slotMap(saved[layout?.type ?? ''] ?? [], layout?.fields ?? []).map((old) =>
        old < 0 ? undefined : (told[old] ?? undefined),
      )
    } else if (entry.own) own = []
    const undo = entry.undo?.flatMap(([name, value]): Undo[] => {
      const cell = cellOf.get(name)
      return cell === undefined ? [] : [{ cell, value: value ?? undefined }]
    })
    return { ...entry, own, undo: undo ?? null }
  })
}

/** For each field its former slot, or -1. */
function slotMap(from: readonly string[], to: readonly string[]): number[] {
  return to.map((field) => from.indexOf(field))
}
