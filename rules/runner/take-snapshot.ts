/** Makes a snapshot of an engine without holding up others. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '../engine/engine.ts'

export type Rows = ReadonlyMap<string, string | null>

export interface Snapshot {
  /** To be handed to the records one by one: all at once would hold up the event loop. */
  readonly slices: readonly Rows[]
  /** Of its texts, in the slices that are full. */
  readonly characters: number
}

/** Characters of rows made, and handed to the records, in one go: about 2 ms each. */
const sliceCharacters = 96 * 1024

/** Lets the event loop have its turn in between: with thousands of busy devices this is a second's work. */
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
