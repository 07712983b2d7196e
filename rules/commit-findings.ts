/** What the rules found goes to disk together with the cursor, and a snapshot of their state when it is due. */
import type { Finding } from '../model/finding.ts'
import { type Context, rulesCursor, rulesStateCursor, waitAfter } from './runner-context.ts'
import { type Rows, takeSnapshot } from './take-snapshot.ts'

/** Tries until it is stored: nothing is judged before what was found is safe. */
export async function commit(context: Context, findings: readonly Finding[]): Promise<void> {
  const { position } = context
  const snapshot = position.snapshotDue
  const stale = position.cursorDue && position.applied > position.committed
  if (findings.length === 0 && !stale && !snapshot) return
  // People do not wait for a snapshot.
  if (findings.length > 0 || !snapshot) await store(context, { findings, snapshot: false })
  if (snapshot) await store(context, { findings: [], snapshot })
}

export async function store(context: Context, work: Work): Promise<void> {
  for (;;) {
    try {
      await commitOnce(context, work)
      return
    } catch (error) {
      if (await waitAfter(context, error, 'findings could not be stored')) throw error
    }
  }
}

interface Work {
  readonly findings: readonly Finding[]
  readonly snapshot: boolean
  /** Taken once, because taking it empties it. */
  slices?: readonly Rows[]
}

export async function commitOnce(context: Context, work: Work): Promise<void> {
  const { options, position } = context
  const { records, onFindings, committed } = options
  if (work.snapshot) work.slices ??= await slicesOf(context)
  const { slices, findings } = work
  const seq = Math.max(position.applied, position.told)
  await records.transaction(async (tx) => {
    if (findings.length > 0) await onFindings(tx, findings)
    await tx.cursors.set(rulesCursor, seq)
    if (!slices) return
    // Slice by slice: handing all of it to the thread of the records at once would hold up the event loop.
    for (const rows of slices) await tx.ruleState.save(rows)
    await tx.cursors.set(rulesStateCursor, position.applied)
  })
  position.told = seq
  position.committed = seq
  position.cursorDue = false
  if (slices) position.snapshotDue = false
  if (findings.length > 0) committed?.()
}

/** A snapshot of so many characters (about 0.2 s of work in all) makes the timer leave out a turn, and so on. */
const charactersPerTurn = 8 * 1024 * 1024

async function slicesOf({ engine, position }: Context): Promise<readonly Rows[]> {
  const { slices, characters } = await takeSnapshot(engine)
  position.restingTurns = Math.floor(characters / charactersPerTurn)
  return slices
}
