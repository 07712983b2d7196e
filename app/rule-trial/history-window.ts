/** Values of the history for the time before the journal, as entries without delay. */

import type { FieldValue } from '../../model/device-type.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import type { Device } from '../../model/ports/directory.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'

export interface HistoryWindow {
  readonly devices: readonly Device[]
  /** Fields that the rules read, by device type. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** ms. */
  readonly from: number
  readonly to: number
  /** null = the history is not available. */
  ask(query: HistoryQuery): Promise<readonly HistoryPoint[] | null>
}

/** One day at a time bounds the memory. */
const stepMs = 86_400_000
/** One value every 4 s; of a device that reports more often only the newest of a day are read. */
const perDay = 21_600

/** Entries sorted by time, one list for each day with entries. */
export async function* historyEntries(window: HistoryWindow): AsyncGenerator<Journaled<DeviceEntry>[]> {
  for (let from = window.from; from < window.to; from += stepMs) {
    const span = { from, to: Math.min(from + stepMs, window.to) }
    const day: Journaled<DeviceEntry>[] = []
    for (const device of window.devices) day.push(...(await readingsOf(device, window, span)))
    if (day.length > 0) yield day.sort((a, b) => a.ts - b.ts)
  }
}

async function readingsOf(
  device: Device,
  { fields, ask }: HistoryWindow,
  span: { readonly from: number; readonly to: number },
): Promise<Journaled<DeviceEntry>[]> {
  const values = new Map<number, Record<string, FieldValue>>()
  for (const field of fields.get(device.type) ?? []) {
    const { id, type } = device
    for (const { at, value } of (await ask({ device: id, type, field, ...span, limit: perDay })) ?? []) {
      const known = values.get(at) ?? {}
      known[field] = value
      values.set(at, known)
    }
  }
  return [...values].map(([ts, reported]) => ({
    kind: 'telemetry',
    site: device.site,
    type: device.type,
    device: device.id,
    receivedAt: ts,
    ts,
    quality: 'live',
    values: reported,
    seq: 0,
  }))
}
