/** What a ring undoes is the same after it was saved, and what states share is saved once. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RingEntry, Timeline, Undo } from '../types.ts'
import { restoreUndos, saveUndos } from './saved-undo.ts'

const diary = { days: 'abc'.repeat(300) }
/** States share their parts, as conditions make them; a part may be absent. */
const state = fc.option(
  fc.record(
    { at: fc.nat(3), diary: fc.constant(diary), phase: fc.constant({ startedAt: 1 }) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
)
const change = fc.record({
  cell: fc.nat(2),
  value: fc.oneof(state, fc.constant([1, 2]), fc.constant('word')),
})
const story = fc.record({
  cells: fc.array(state, { minLength: 3, maxLength: 3 }),
  entries: fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 12 }),
})

function chain(changes: readonly { readonly cell: number; readonly value: unknown }[]): Undo | null {
  return changes.reduceRight<Undo | null>((earlier, one) => ({ ...one, earlier }), null)
}

function listOf(newest: Undo | null): unknown[] {
  const list: unknown[] = []
  for (let one = newest; one; one = one.earlier) list.push([one.cell, one.value])
  return list
}

const timelineOf = (cells: unknown[], undos: readonly (Undo | null)[]): Timeline =>
  ({ cells, ring: undos.map((undo) => ({ undo }) as RingEntry) }) as unknown as Timeline

test('any ring is restored unchanged from JSON, with cells at other indexes', () => {
  fc.assert(
    fc.property(story, ({ cells, entries }) => {
      const used: number[] = []
      const saved = saveUndos(timelineOf(cells, entries.map(chain)), used)
      const there = JSON.parse(JSON.stringify({ cells, saved: saved.map((one) => one ?? null) }))
      const moved = [there.cells[2], there.cells[0], there.cells[1]].map((value) => value ?? undefined)
      const back = timelineOf(
        moved,
        entries.map(() => null),
      )
      const cellOf = used.map((cell) => [1, 2, 0][cell])
      restoreUndos(back, [...back.ring], {
        saved: there.saved.map((one: unknown) => one ?? undefined),
        cellOf,
      })
      const wanted = entries.map((one) => one.map(({ cell, value }) => [[1, 2, 0][cell], value]))
      expect([...back.ring].map(({ undo }) => listOf(undo))).toEqual(wanted)
    }),
  )
})

test('unchanged parts are not saved with every reading', () => {
  const states = Array.from({ length: 100 }, (_, at) => ({ at, diary }))
  const undos = states.map((value) => chain([{ cell: 0, value }]))
  const saved = saveUndos(timelineOf([{ at: 100, diary }], undos), [])
  expect(JSON.stringify(saved).length).toBeLessThan(3000)
})
