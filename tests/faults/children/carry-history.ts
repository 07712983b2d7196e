/** A process that only carries a journal into an embedded history, to be killed or starved of disk: `carry-history.ts FOLDER`. */
import { join } from 'node:path'
import { systemClock } from '../../../model/clock.ts'
import { silentLogger } from '../../../model/ports/logger.ts'
import { noMetrics } from '../../../model/ports/metrics.ts'
import { historyOptions } from '../../../storage/history/options.ts'
import { createHistoryService } from '../../../storage/history/service.ts'

const folder = process.argv[2] ?? ''
const service = createHistoryService(
  { ...historyOptions.parse({}), path: join(folder, 'history.duckdb') },
  {
    journalPath: join(folder, 'journal.db'),
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
  },
)
await service.start()
setInterval(() => process.stdout.write(`${JSON.stringify(service.status())}\n`), 10)
