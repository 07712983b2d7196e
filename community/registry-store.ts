/** Saves the registry's readings together with its place in the journal, so that last-seen survives a restart. */
import type { Clock } from '../model/clock.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Records } from '../model/ports/records.ts'
import type { JournalTail } from './journal-follower.ts'
import type { HeardTable } from './last-seen-table.ts'

export interface RegistryStore {
  /** Fills the table and places the tail behind what the table knows. */
  restore(): Promise<void>
  /** Never rejects; what could not be saved is saved with the next. Saves wait for each other. */
  save(): Promise<void>
}

export interface RegistryStoreDeps {
  readonly table: HeardTable
  readonly tail: JournalTail
  readonly records: Records
  readonly journal: Pick<Journal, 'lastSeq'>
  readonly clock: Clock
  readonly logger: Logger
  readonly onFailure: (error: unknown) => void
}

const CURSOR = 'registry'

export function createRegistryStore(deps: RegistryStoreDeps): RegistryStore {
  const { table, tail, records } = deps
  let saved = 0
  let queue: Promise<void> = Promise.resolve()

  async function saveNow(): Promise<void> {
    const upTo = tail.position()
    if (upTo === saved) return
    const unsaved = table.takeUnsaved(deps.clock.now())
    try {
      await records.transaction(async (tx) => {
        await tx.latest.save(unsaved.readings)
        await tx.cursors.set(CURSOR, upTo)
      })
      saved = upTo
    } catch (error) {
      unsaved.keep()
      deps.onFailure(error)
    }
  }

  return {
    async restore() {
      table.restore(await records.latest.load())
      const cursor = await records.cursors.get(CURSOR)
      const lastSeq = deps.journal.lastSeq()
      if (cursor > lastSeq)
        deps.logger.warn({ cursor, lastSeq }, 'registry: the journal was replaced, reading all of it')
      saved = cursor > lastSeq ? 0 : cursor
      tail.continueAfter(saved)
    },
    save() {
      queue = queue.then(saveNow)
      return queue
    },
  }
}
