/**
 * Undo values of a ring in snapshots. From the newest entry back, each state is saved as its difference from the state
 * after it: states usually differ in one figure, and weeks of learned habits must not be saved with every reading.
 */

import type { RingEntry, Timeline, Undo } from '../types.ts'
import type { FrozenTimeline } from './frozen.ts'

/** Alternating: index of the cell name, and the value of that cell; newest change first. */
export type SavedUndo = readonly unknown[]

/** `~` = like the state after it except for these properties; `-` = without these. */
interface Difference {
  readonly '~': Readonly<Record<string, unknown>>
  readonly '-'?: readonly string[]
}

type Plain = Readonly<Record<string, unknown>>

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One for each entry of the ring, oldest first; adds the cells they refer to to `used`. */
export function saveUndos(
  { ring, cells }: Pick<FrozenTimeline, 'cells'> & { readonly ring: Iterable<Pick<RingEntry, 'undo'>> },
  used: number[],
): (SavedUndo | undefined)[] {
  const after = new Map<number, unknown>()
  return [...ring]
    .reverse()
    .map(({ undo }) => {
      const saved: unknown[] = []
      for (let change = undo; change; change = change.earlier) {
        const { cell, value } = change
        const known = used.indexOf(cell)
        const newer = after.has(cell) ? after.get(cell) : cells[cell]
        saved.push(known >= 0 ? known : used.push(cell) - 1, difference(value, newer))
        after.set(cell, value)
      }
      return saved.length > 0 ? saved : undefined
    })
    .reverse()
}

/** `saved`: one for each entry; `cellOf`: the present cell for each saved cell name. */
export function restoreUndos(
  timeline: Timeline,
  ring: readonly RingEntry[],
  { saved, cellOf }: { saved: readonly (SavedUndo | undefined)[]; cellOf: readonly (number | undefined)[] },
): void {
  const after = new Map<number, unknown>()
  for (let index = ring.length - 1; index >= 0; index -= 1) {
    const changes: { readonly cell: number; readonly value: unknown }[] = []
    const list = saved[index] ?? []
    for (let at = 0; at < list.length; at += 2) {
      const cell = cellOf[list[at] as number]
      if (cell === undefined) continue
      const newer = after.has(cell) ? after.get(cell) : timeline.cells[cell]
      const value = apply(list[at + 1], newer)
      after.set(cell, value)
      changes.push({ cell, value })
    }
    const entry = ring[index] as RingEntry
    entry.undo = changes.reduceRight<Undo | null>((earlier, change) => ({ ...change, earlier }), null)
  }
}

function difference(value: unknown, newer: unknown): unknown {
  if (!isPlain(value) || !isPlain(newer)) return value ?? null
  const different = Object.entries(value).filter(([key, part]) => part !== newer[key])
  if (different.length === Object.keys(value).length) return value
  const gone = Object.keys(newer).filter((key) => newer[key] !== undefined && value[key] === undefined)
  const changed = Object.fromEntries(different.filter(([, part]) => part !== undefined))
  return (gone.length > 0 ? { '~': changed, '-': gone } : { '~': changed }) satisfies Difference
}

function apply(saved: unknown, newer: unknown): unknown {
  if (!isPlain(saved) || !('~' in saved)) return saved ?? undefined
  const { '~': changed, '-': gone = [] } = saved as unknown as Difference
  const kept = Object.entries(newer as Plain).filter(([key]) => !gone.includes(key))
  return { ...Object.fromEntries(kept), ...changed }
}
