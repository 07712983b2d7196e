/** Takes a snapshot of an engine in small steps. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../engine/engine.ts'

export type Rows = ReadonlyMap<string, string | null>

export interface Snapshot {
  /** Stored one by one: all at once would block the event loop. */
  readonly slices: readonly Rows[]
  /** Length of all texts in full slices. */
  readonly characters: number
}

/** Characters of rows made, and stored, in one step: about 2 ms each. */
const sliceCharacters = 96 * 1024

/** Yields to the event loop in between: thousands of busy devices take about a second. */
export async function takeSnapshot(engine: Engine): Promise<Snapshot> {
  let rows = new Map<string, string | null>()
  const slices = [rows]
  let slice = 0
  let characters = 0
  for (const [key, text] of engine.snapshotRows()) {
    rows.set(key, text)
    slice += text?.length ?? 0
    if (slice < sliceCharacters) continue
    characters += slice
    slice = 0
    rows = new Map()
    slices.push(rows)
    await nextTurn()
  }
  return { slices, characters }
}
