/** Writes out what stood still at one instant. */

import type { StillDevice, StillTimeline } from './frozen.ts'
import { type SnapshotRow, saveDevice, saveTimeline } from './snapshot.ts'

export interface Stills {
  /** Keys of those that are gone. */
  readonly left: readonly string[]
  readonly devices: readonly (readonly [key: string, device: StillDevice])[]
  readonly timelines: readonly StillTimeline[]
}

export function* rowsOf({ left, devices, timelines }: Stills): Generator<SnapshotRow> {
  for (const key of left) yield [key, null]
  for (const [key, device] of devices) yield [key, saveDevice(device)]
  for (const still of timelines) yield [still.timeline.key, saveTimeline(still)]
}
