/**
 * A snapshot of what the rules remember goes to disk while they go on judging: people wait for no snapshot. It is taken of one
 * instant, between two entries; until all of it is stored, a restart begins with the one before.
 */
import { type Context, rulesCursor, rulesStateCursor, waitAfter } from './runner-context.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** Of this instant; everything found until then must be stored. One at a time. Rejects only when the runner stops. */
export function saveSnapshot(context: Context): Promise<void> {
  context.position.snapshotDue = false
  const saving = save(context).finally(() => {
    context.saving = undefined
  })
  context.saving = saving
  return saving
}

/** In the background: whoever stops or swaps waits for `context.saving`, and the runner takes a last snapshot anyway. */
export function saveSnapshotWhenDue(context: Context): void {
  if (context.position.snapshotDue && !context.saving) saveSnapshot(context).catch(() => undefined)
}

/** A snapshot of so many characters makes the timer leave out a turn, and so on. */
const charactersPerTurn = 8 * 1024 * 1024

async function save(context: Context): Promise<void> {
  const { engine, position } = context
  const { applied } = position
  const { slices, characters } = await takeSnapshot(engine)
  position.restingTurns = Math.floor(characters / charactersPerTurn)
  let staged = 0
  for (;;) {
    try {
      const { records } = context.options
      // Each for itself: what is found meanwhile is stored between them.
      for (; staged < slices.length; staged += 1) {
        const rows = slices[staged] ?? new Map()
        await records.ruleState.stage(rows)
      }
      await records.transaction(async ({ ruleState, cursors }) => {
        await ruleState.takeStaged()
        await cursors.set(rulesStateCursor, applied)
        if ((await cursors.get(rulesCursor)) < applied) await cursors.set(rulesCursor, applied)
      })
      position.told = Math.max(position.told, applied)
      position.committed = Math.max(position.committed, applied)
      return
    } catch (error) {
      if (await waitAfter(context, error, 'a snapshot of the rules could not be stored')) throw error
    }
  }
}
