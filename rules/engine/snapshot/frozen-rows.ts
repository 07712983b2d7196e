/** Writes frozen devices and timelines as rows. */

import type { FrozenDevice, FrozenTimeline } from './frozen.ts'
import { type SnapshotRow, saveDevice, saveTimeline } from './rows.ts'

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
