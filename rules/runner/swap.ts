/** Other rules in place of those that run, between two entries of the journal. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { stopwatch } from '../../model/clock.ts'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type { Engine } from '../engine/engine.ts'
import { takeSnapshot } from './take-snapshot.ts'

export interface EngineSwap {
  /** With the new rules; nothing was restored or applied yet. */
  readonly engine: Engine
  /**
   * What else is stored in the transaction with which they begin to count: entries with a seq > `afterSeq` are judged by
   * them. When it throws nothing has happened, and the former rules go on.
   */
  commit(tx: RecordsTx, afterSeq: number): Promise<void>
}

export interface WaitingSwap {
  readonly change: EngineSwap
  readonly done: PromiseWithResolvers<number>
}

interface Standing {
  /** Everything that the former engine remembers is in them. */
  readonly records: Records
  /** Seq of the newest entry that was judged, and told. */
  readonly applied: number
}

/** With thousands of devices it is a second's work; others have their turn in between. */
const turnSeconds = 0.008

/** From the records to the new engine; that it judges from now on is one transaction. */
export async function takeOver(
  { engine, commit }: EngineSwap,
  { records, applied }: Standing,
): Promise<void> {
  let last = stopwatch()
  for (const _ of engine.restoring(await records.ruleState.load(), applied)) {
    if (last() < turnSeconds) continue
    await nextTurn()
    last = stopwatch()
  }
  const { slices } = await takeSnapshot(engine)
  await records.ruleState.dropStaged()
  for (const rows of slices) await records.ruleState.stage(rows)
  await records.transaction(async (tx) => {
    await commit(tx, applied)
    await tx.ruleState.takeStaged()
  })
}
