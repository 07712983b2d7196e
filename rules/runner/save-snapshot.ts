/**
 * A snapshot of what the rules remember goes to disk while they go on judging: people wait for no snapshot. It is taken of one
 * instant, between two entries; until all of it is stored, a restart begins with the one before.
 */
import { type Context, messageOf, rulesCursor, rulesStateCursor, waitAfter } from './context.ts'
import { takeSnapshot } from './take-snapshot.ts'

/**
 * Of this instant; everything found until then must be stored. One at a time. Rejects when it was given up: because the runner
 * stops while it cannot be stored, or because it cannot be written at all. A later one would hold only what changed since
 * then, and a restart would know nothing of the rest: from there on every one is refused.
 */
export function saveSnapshot(context: Context): Promise<void> {
  if (context.abandoned) return Promise.reject(context.abandoned.error)
  context.position.snapshotDue = false
  const saving = save(context)
    .catch((error: unknown) => {
      context.abandoned = { error }
      const reason = messageOf(error)
      context.options.logger.error(
        { error: reason },
        'no snapshot of the rules is stored any more; a restart judges anew',
      )
      throw error
    })
    .finally(() => {
      context.saving = undefined
    })
  context.saving = saving
  return saving
}

/** In the background; whoever stops or swaps waits for `context.saving`. */
export function saveSnapshotWhenDue(context: Context): void {
  const { position, saving, abandoned } = context
  if (position.snapshotDue && !saving && !abandoned) saveSnapshot(context).catch(() => undefined)
}

/** A snapshot of so many characters makes the timer leave out a turn, and so on. */
const charactersPerTurn = 8 * 1024 * 1024

async function save(context: Context): Promise<void> {
  const { engine, position } = context
  const { applied } = position
  const { slices, characters } = await takeSnapshot(engine)
  position.skippedTurns = Math.floor(characters / charactersPerTurn)
  let staged = 0
  for (;;) {
    try {
      const { records } = context.options
      // What rules that were refused had staged must not come back with this one.
      if (staged === 0) await records.ruleState.dropStaged()
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
