/** The table of history engines; a new engine is a folder and one line here. */
import { LinliError } from '../../model/errors.ts'
import type { History } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { openDuckDbHistory } from './duckdb/open.ts'
import { openInfluxHistory } from './influx/open.ts'
import type { HistoryOptions } from './options.ts'

export interface EngineOptions extends HistoryOptions {
  /** File of the embedded engine. */
  readonly path: string
}

type Open = (options: EngineOptions, deps: { readonly logger: Logger }) => Promise<History>

const engines: Readonly<Record<HistoryOptions['engine'], Open>> = {
  duckdb: ({ path, duckdb }) => openDuckDbHistory({ path, ...duckdb }),
  influxdb: async ({ influxdb }, deps) => {
    const { url, bucket, token } = influxdb
    if (url === undefined || bucket === undefined || token === undefined)
      throw new LinliError('CONFIG_INVALID', 'history: influxdb needs url, bucket and token')
    return openInfluxHistory({ ...influxdb, url, bucket, token }, deps)
  },
}

/** Throws CONFIG_INVALID, STORAGE_CORRUPT or DATA_DIR_IN_USE (a retry is useless) or HISTORY_UNAVAILABLE. */
export function openHistory(options: EngineOptions, deps: { readonly logger: Logger }): Promise<History> {
  return engines[options.engine](options, deps)
}
