/** Replaces the rules between two entries of the journal. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { stopwatch } from '../../model/clock.ts'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type { Engine } from '../engine/engine.ts'
import { takeSnapshot } from './take-snapshot.ts'

export interface EngineSwap {
  /** An engine with the new rules; nothing restored or applied yet. */
  readonly engine: Engine
  /**
   * Stores what else belongs to the transaction that activates the new rules: they evaluate entries with seq >
   * `afterSeq`. When it throws, the old rules continue unchanged.
   */
  commit(tx: RecordsTx, afterSeq: number): Promise<void>
}

export interface WaitingSwap {
  readonly change: EngineSwap
  readonly done: PromiseWithResolvers<number>
}

interface Standing {
  /** Contain the complete state of the old engine. */
  readonly records: Records
  /** Seq of the newest entry that was evaluated and whose findings are stored. */
  readonly applied: number
}

/** Seconds per turn: restoring thousands of devices takes about a second in total. */
const turnSeconds = 0.008

/** Restores the stored state into the new engine and activates it in one transaction. */
export async function replaceEngine(
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
  await records.ruleState.discardStaged()
  for (const rows of slices) await records.ruleState.stage(rows)
  await records.transaction(async (tx) => {
    await commit(tx, applied)
    await tx.ruleState.commitStaged()
  })
}
