import type { Value } from '../../expression/scope.ts'
import type { LinkState } from '../evaluate/link-quality.ts'
import type { HubOutage } from '../timers/hub-outage.ts'
import type { DeviceRecord, Member, OrphanedEpisode, RingEntry } from '../types.ts'
import type { SavedUndo } from './saved-undo.ts'

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

export interface DeviceRow {
  readonly knownSince: number
  readonly lastSeenAt?: number
  readonly backlogAt?: number
  readonly reportedMeta: DeviceRecord['reportedMeta']
  readonly link?: LinkState
}

/** Values by slot, and the age (ms before the timeline's newest time) of all or of each; -1 = never. */
export type SavedView = readonly [
  slots: readonly (Value | null)[],
  ages: number | readonly number[],
  isUnevaluated?: boolean,
]

export interface SavedMember {
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
export type ShortEntry = readonly [
  member: number,
  beforeNewest: number,
  delay: number,
  messageSeq: number | null,
  /** Absent or null = the same as in the previous entry. */
  reported?: readonly (Value | null)[] | null,
  undo?: SavedUndo,
]
export type LongEntry = Omit<RingEntry, 'reported' | 'slots' | 'at' | 'undo' | 'earlier' | 'later'> & {
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

export const isShort = (entry: ShortEntry | LongEntry): entry is ShortEntry => Array.isArray(entry)
