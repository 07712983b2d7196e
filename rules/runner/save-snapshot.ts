/**
 * Stores snapshots of rule state in the background, so that no finding waits for them. A snapshot is as of one instant
 * between two entries; until all of it is stored, a restart uses the previous one.
 */
import { type Context, messageOf, rulesCursor, rulesStateCursor, waitForRetry } from './context.ts'
import { takeSnapshot } from './take-snapshot.ts'

/**
 * Stores a snapshot as of now; all findings so far must be stored already. One at a time. Rejects when abandoned: the
 * runner stopped before it could be stored, or it cannot be written. Later ones are refused too, because they contain
 * only changes since the abandoned one.
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
        'snapshots of the rules stopped; a restart evaluates again from the last one',
      )
      throw error
    })
    .finally(() => {
      context.saving = undefined
    })
  context.saving = saving
  return saving
}

/** In the background; stop and swap wait for `context.saving`. */
export function saveSnapshotWhenDue(context: Context): void {
  const { position, saving, abandoned } = context
  if (position.snapshotDue && !saving && !abandoned) saveSnapshot(context).catch(() => undefined)
}

/** For this many characters of a snapshot, one later interval is skipped. */
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
      // Rows staged for a refused swap must not become part of this snapshot.
      if (staged === 0) await records.ruleState.discardStaged()
      // One transaction each, so that findings can be stored in between.
      for (; staged < slices.length; staged += 1) {
        const rows = slices[staged] ?? new Map()
        await records.ruleState.stage(rows)
      }
      await records.transaction(async ({ ruleState, cursors }) => {
        await ruleState.commitStaged()
        await cursors.set(rulesStateCursor, applied)
        if ((await cursors.get(rulesCursor)) < applied) await cursors.set(rulesCursor, applied)
      })
      position.published = Math.max(position.published, applied)
      position.committed = Math.max(position.committed, applied)
      return
    } catch (error) {
      if (await waitForRetry(context, error, 'could not store a snapshot of the rules, will retry'))
        throw error
    }
  }
}
