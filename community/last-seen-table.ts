/** The registry's memory: one row a device that was ever heard, and which rows changed since somebody last asked. */
import { deviceTypes } from '../model/devices/table.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { LatestReading } from '../model/live-feed.ts'
import type { Directory } from '../model/ports/directory.ts'
import {
  firstHeard,
  fromSaved,
  hear,
  isGoodbye,
  isOnline,
  type LastHeard,
  offlineLimits,
  readingOf,
} from './last-seen.ts'

export interface HeardTable {
  apply(entry: DeviceEntry): void
  get(device: string, now: number): LatestReading | undefined
  /** Only devices that are (still) in the directory, here and in all of the below. */
  all(now: number): LatestReading[]
  onlineCount(now: number): number
  /** What changed since the last call, devices that fell silent by themselves included. */
  takeChanged(now: number): LatestReading[]
  /** What is not saved yet; `keep` gives it back after a failure. */
  takeUnsaved(now: number): { readonly readings: LatestReading[]; keep(): void }
  restore(saved: readonly LatestReading[]): void
}

export function createHeardTable(directory: Directory): HeardTable {
  const rows = new Map<string, LastHeard>()
  const changed = new Set<LastHeard>()
  const unsaved = new Set<LastHeard>()
  const isKnown = (row: LastHeard): boolean => directory.device(row.device) !== undefined
  const known = (): LastHeard[] => [...rows.values()].filter(isKnown)

  return {
    apply(entry) {
      let row = rows.get(entry.device)
      if (!row) {
        if (isGoodbye(entry)) return
        row = firstHeard(entry, limitOf(entry.type))
        rows.set(entry.device, row)
      }
      hear(row, entry)
      changed.add(row)
      unsaved.add(row)
    },
    get(device, now) {
      const row = rows.get(device)
      return row && isKnown(row) ? readingOf(row, now) : undefined
    },
    all: (now) => known().map((row) => readingOf(row, now)),
    onlineCount: (now) => known().filter((row) => isOnline(row, now)).length,
    takeChanged(now) {
      for (const row of rows.values()) {
        const online = isOnline(row, now)
        if (online !== row.toldOnline) changed.add(row)
        row.toldOnline = online
      }
      const readings = [...changed].filter(isKnown).map((row) => readingOf(row, now))
      changed.clear()
      return readings
    },
    takeUnsaved(now) {
      const taken = [...unsaved]
      unsaved.clear()
      return {
        readings: taken.map((row) => readingOf(row, now)),
        keep: () => {
          for (const row of taken) unsaved.add(row)
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

/** A type that is no longer in the table is judged like the more patient kind. */
function limitOf(type: string): number {
  return offlineLimits[deviceTypes.get(type)?.power ?? 'battery']
}
