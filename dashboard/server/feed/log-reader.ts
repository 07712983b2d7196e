/** The one reader of the change log: follows its head and hands on what is new, in order. */
import type { Change } from '../../../model/change.ts'
import type { Logger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'

export interface LogReader {
  /** Goes to the head of the log; what was before is of no interest to live consoles. */
  start(): Promise<void>
  /** The log may have grown: reads on, soon. Cheap to call too often. */
  wake(): void
  /** Everything up to here was handed on. */
  position(): number
  /** Resolves when a read under way has ended; nothing is handed on afterwards. */
  stop(): Promise<void>
}

const BATCH = 500

/** `onChanges` is called synchronously with the move of `position`, so nothing falls between the two. */
export function createLogReader(deps: {
  readonly records: Pick<Records, 'changes'>
  readonly logger: Logger
  readonly onChanges: (changes: readonly Change[]) => void
}): LogReader {
  const { changes } = deps.records
  let position = 0
  let stopped = true
  let wanted = false
  let reading: Promise<void> | undefined

  const readAll = async (): Promise<void> => {
    while (wanted && !stopped) {
      wanted = false
      const batch = await changes.after(position, BATCH)
      const newest = batch.at(-1)
      if (!newest || stopped) continue
      position = newest.seq
      deps.onChanges(batch)
      if (batch.length === BATCH) wanted = true
    }
  }
  const run = async (): Promise<void> => {
    try {
      await readAll()
    } catch (err) {
      // The next wake (at latest with the next tick) tries again from the same place.
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
    wake() {
      wanted = true
      if (!stopped) reading ??= run()
    },
    position: () => position,
    async stop() {
      stopped = true
      await reading
    },
  }
}
