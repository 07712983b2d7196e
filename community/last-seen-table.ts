/** The registry's rows: one per device seen, with what changed since the last emit and since the last save. */
import { deviceTypes } from '../model/devices/table.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { LatestReading } from '../model/live-feed.ts'
import type { Directory } from '../model/ports/directory.ts'
import {
  applyMessage,
  firstSeen,
  fromSaved,
  isOfflineStatus,
  isOnline,
  type LastSeen,
  offlineLimits,
  readingOf,
} from './last-seen.ts'

export interface LastSeenTable {
  apply(entry: DeviceEntry): void
  get(device: string, now: number): LatestReading | undefined
  /** Only devices of the current directory, here and below. */
  all(now: number): LatestReading[]
  onlineCount(now: number): number
  /** Rows changed since the last call, devices that went silent included. */
  collectChanged(now: number): LatestReading[]
  /** Rows not saved yet; `keep` puts them back after a failed save. */
  collectUnsaved(now: number): { readonly readings: LatestReading[]; keep(): void }
  restore(saved: readonly LatestReading[]): void
}

export function createLastSeenTable(directory: Directory): LastSeenTable {
  const rows = new Map<string, LastSeen>()
  const changed = new Set<LastSeen>()
  const unsaved = new Set<LastSeen>()
  const isKnown = (row: LastSeen): boolean => directory.device(row.device) !== undefined
  const known = (): LastSeen[] => [...rows.values()].filter(isKnown)

  return {
    apply(entry) {
      let row = rows.get(entry.device)
      if (!row) {
        if (isOfflineStatus(entry)) return
        row = firstSeen(entry, limitOf(entry.type))
        rows.set(entry.device, row)
      }
      applyMessage(row, entry)
      changed.add(row)
      unsaved.add(row)
    },
    get(device, now) {
      const row = rows.get(device)
      return row && isKnown(row) ? readingOf(row, now) : undefined
    },
    all: (now) => known().map((row) => readingOf(row, now)),
    onlineCount: (now) => known().filter((row) => isOnline(row, now)).length,
    collectChanged(now) {
      for (const row of rows.values()) {
        const online = isOnline(row, now)
        if (online !== row.emittedOnline) changed.add(row)
        row.emittedOnline = online
      }
      const readings = [...changed].filter(isKnown).map((row) => readingOf(row, now))
      changed.clear()
      return readings
    },
    collectUnsaved(now) {
      const collected = [...unsaved]
      unsaved.clear()
      return {
        readings: collected.map((row) => readingOf(row, now)),
        keep: () => {
          for (const row of collected) unsaved.add(row)
        },
      }
    },
    restore(saved) {
      for (const reading of saved) {
        const device = directory.device(reading.device)
        if (device) rows.set(reading.device, fromSaved(reading, limitOf(device.type)))
      }
    },
  }
}

/** A type that is no longer in the table gets the longer limit. */
function limitOf(type: string): number {
  return offlineLimits[deviceTypes.get(type)?.power ?? 'battery']
}
