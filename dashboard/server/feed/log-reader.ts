/** The only reader of the change log: follows its head and emits new changes in order. */
import type { Change } from '../../../model/change.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'

export interface LogReader {
  /** Starts at the head of the log: consoles catch up on older changes themselves. */
  start(): Promise<void>
  /** The log may have grown: reads on soon. Cheap to call too often. */
  signal(): void
  /** Seq up to which changes were emitted. */
  position(): number
  /** Resolves when the current read has ended; nothing is emitted afterwards. */
  stop(): Promise<void>
}

const BATCH = 500

/** `onChanges` is called synchronously after `position` advances, so no change falls between the two. */
export function createLogReader(deps: {
  readonly records: Pick<Records, 'changes'>
  readonly logger: Logger
  readonly onChanges: (changes: readonly Change[]) => void
}): LogReader {
  const { changes } = deps.records
  let position = 0
  let stopped = true
  let signalled = false
  let reading: Promise<void> | undefined

  const readAll = async (): Promise<void> => {
    while (signalled && !stopped) {
      signalled = false
      const batch = await changes.after(position, BATCH)
      const newest = batch.at(-1)
      if (!newest || stopped) continue
      position = newest.seq
      deps.onChanges(batch)
      if (batch.length === BATCH) signalled = true
    }
  }
  const run = async (): Promise<void> => {
    try {
      await readAll()
    } catch (err) {
      // The next signal (at the latest the next tick) retries from the same position.
      deps.logger.error({ err, position }, 'the change log could not be read')
    } finally {
      reading = undefined
    }
  }
  return {
    async start() {
      position = (await changes.head()).seq
      stopped = false
    },
    signal() {
      signalled = true
      if (!stopped) reading ??= run()
    },
    position: () => position,
    async stop() {
      stopped = true
      await reading
    },
  }
}
