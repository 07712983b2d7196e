/** Runs the contract of the records against their engines. */
import { join } from 'node:path'
import { openSqliteRecords } from '../../storage/records/sqlite-records.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { recordsContract } from './records.ts'

recordsContract('memory', { open: async () => memoryRecords() })
recordsContract('SQLite', { open: () => openSqliteRecords(join(temporaryFolder(), 'records.db')) })
