import type { Value } from '../../expression/scope.ts'
import { cellNames } from '../subjects/registry.ts'
import type { View } from '../types.ts'
import type { FrozenDevice, FrozenEntry, FrozenTimeline } from './frozen.ts'
import type { DeviceRow, LongEntry, SavedView, ShortEntry, SnapshotRow, TimelineRow } from './rows.ts'
import { type SavedUndo, saveUndos } from './saved-undo.ts'

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

export interface FrozenState {
  /** Keys of removed devices and timelines. */
  readonly left: readonly string[]
  readonly devices: readonly (readonly [key: string, device: FrozenDevice])[]
  readonly timelines: readonly FrozenTimeline[]
}

export function* rowsOf({ left, devices, timelines }: FrozenState): Generator<SnapshotRow> {
  for (const key of left) yield [key, null]
  for (const [key, device] of devices) yield [key, saveDevice(device)]
  for (const frozen of timelines) yield [frozen.timeline.key, saveTimeline(frozen)]
}
