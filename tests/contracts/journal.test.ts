/** Runs the journal's contract against its engines. */
import { join } from 'node:path'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'
import { memoryJournal } from '../support/memory-journal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { journalContract } from './journal.ts'

const deps = { logger: silentLogger, metrics: noMetrics }

journalContract('memory', { open: async () => memoryJournal() })
journalContract('SQLite', {
  open: () => openSqliteJournal({ path: join(temporaryFolder(), 'journal.db') }, deps),
})
// With next to nothing in memory and small groups, every read goes to the file.
journalContract('SQLite without memory', {
  open: () => openSqliteJournal({ path: join(temporaryFolder(), 'journal.db'), ring: 1, maxGroup: 3 }, deps),
})
