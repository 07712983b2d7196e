/** First stage: the data folder with journal and records. */
import { saveStaff } from '../community/staff.ts'
import type { CommunityFile } from '../model/community-file.ts'
import { LinliError } from '../model/errors.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Records } from '../model/ports/records.ts'
import { openDataDir } from '../storage/data-dir.ts'
import { openSqliteJournal } from '../storage/journal/sqlite-journal.ts'
import { openSqliteRecords } from '../storage/records/sqlite-records.ts'
import type { Config } from './config.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'

export interface Stores {
  readonly records: Records
  readonly journal: Journal
  /** Paths of engines that open their file in a thread of their own. */
  readonly paths: { readonly journal: string; readonly history: string }
}

/** Throws DATA_DIR_IN_USE, STORAGE_CORRUPT or STORAGE_FAILED. */
export async function openStores(
  config: Config,
  { runtime, staff }: { readonly runtime: Runtime; readonly staff: CommunityFile },
  scope: Scope,
): Promise<Stores> {
  const dataDir = openDataDir(config.dataDir)
  scope.defer('data folder', () => dataDir.release())
  const records = await openSqliteRecords(dataDir.recordsPath)
  scope.defer('records', () => records.close())
  const journal = await openSqliteJournal({ path: dataDir.journalPath, ...config.journal }, runtime)
  scope.defer('journal', () => journal.close())
  await refuseForeignRecords(records, journal)
  await continueReplayClock(journal, runtime)
  await saveStaff(records, staff)
  return { records, journal, paths: { journal: dataDir.journalPath, history: dataDir.historyPath } }
}

/** Records that have read further than the journal reaches belong to another journal: starting would skip messages. */
async function refuseForeignRecords(records: Records, journal: Journal): Promise<void> {
  const read = await records.cursors.get('rules')
  if (read <= journal.lastSeq()) return
  throw new LinliError(
    'STORAGE_CORRUPT',
    `the journal ends at ${journal.lastSeq()}, but the records have read up to ${read}: they do not belong together`,
  )
}

/** A replay clock continues where the journal ends; otherwise commands before the first message would have no time. */
async function continueReplayClock(journal: Journal, { observeTime }: Runtime): Promise<void> {
  const [newest] = await journal.read(Math.max(0, journal.lastSeq() - 1), 1)
  if (newest) observeTime?.(newest.receivedAt)
}
