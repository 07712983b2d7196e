/** Saves the registry's readings together with its cursor, so that last-seen survives a restart. */
import type { Clock } from '../model/clock.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Records } from '../model/ports/records.ts'
import { createSerial } from '../model/serial.ts'
import type { LastSeenTable } from './last-seen-table.ts'

export interface RegistryStore {
  /** Fills the table; returns the seq of the journal to continue after. */
  restore(): Promise<number>
  /** Never rejects; what could not be saved is saved with the next call. Saves run one after the other. */
  save(): Promise<void>
}

export interface RegistryStoreDeps {
  readonly table: LastSeenTable
  /** Seq of the last journal entry applied to the table. */
  readonly cursor: () => number
  readonly records: Records
  readonly journal: Pick<Journal, 'lastSeq'>
  readonly clock: Clock
  readonly logger: Logger
  readonly onFailure: (error: unknown) => void
}

const CURSOR = 'registry'

export function createRegistryStore(deps: RegistryStoreDeps): RegistryStore {
  const { table, records } = deps
  let saved = 0
  const serial = createSerial()

  async function saveNow(): Promise<void> {
    const upTo = deps.cursor()
    if (upTo === saved) return
    const unsaved = table.collectUnsaved(deps.clock.now())
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
      return saved
    },
    save: () => serial(saveNow),
  }
}
