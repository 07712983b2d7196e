/** Second stage: readers of the journal that decide nothing, history and device registry. */
import { createRegistry, type Registry } from '../community/registry.ts'
import type { Directory } from '../model/ports/directory.ts'
import { createHistoryService, type HistoryService } from '../storage/history/service.ts'
import type { Config } from './config.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Stores } from './stores.ts'

export interface JournalReaders {
  readonly history: HistoryService
  readonly registry: Registry
}

export async function startJournalReaders(
  config: Config,
  { runtime, stores, directory }: { runtime: Runtime; stores: Stores; directory: Directory },
  scope: Scope,
): Promise<JournalReaders> {
  const { journal, records, paths } = stores
  const history = createHistoryService(
    { ...config.history, path: paths.history },
    { ...runtime, journalPath: paths.journal },
  )
  await history.start()
  scope.defer('history', () => history.stop())
  scope.defer('history notifications', journal.onAppend(history.notify))

  const registry = createRegistry({ ...runtime, directory, journal, records })
  await registry.start()
  scope.defer('registry', () => registry.stop())
  return { history, registry }
}
