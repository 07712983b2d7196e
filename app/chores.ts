/** What happens by itself: ticks, sweeps, credential changes, journal retention. */
import { credentialWatch } from '../broker/credentials.ts'
import type { Clock } from '../model/clock.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Config } from './config.ts'
import type { Devices } from './devices.ts'
import { clockProblem } from './health.ts'
import type { JournalReaders } from './journal-readers.ts'
import type { Rules } from './rules.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Stores } from './stores.ts'

/** Rules and people need seconds, not less; a tick is 40 bytes in the journal. */
const TICK_MS = 1000
const SWEEP_MS = 5000
const CREDENTIALS_MS = 5000
const TRIM_MS = 3_600_000
const CLOCK_WATCH_MS = 60_000
const DAY_MS = 86_400_000

export interface ChoresDeps {
  readonly runtime: Runtime
  readonly stores: Stores
  readonly readers: JournalReaders
  readonly rules: Rules
  readonly devices: Devices
}

export async function startChores(config: Config, deps: ChoresDeps, scope: Scope): Promise<void> {
  const { runtime, stores, readers, rules, devices } = deps
  const { clock, wallClock, logger } = runtime
  const { journal, records } = stores
  const { ingest } = devices

  const watchClock = async (): Promise<void> => {
    const problem = clockProblem(ingest.clockBehind())
    if (problem) logger.error({ behindMs: ingest.clockBehind() }, problem)
  }
  const trim = async (): Promise<void> => {
    const cursors = await Promise.all(['rules-state', 'registry'].map((name) => records.cursors.get(name)))
    const readByAll = Math.min(readers.history.status().cursor, ...cursors)
    await journal.trim(readByAll, clock.now() - config.journal.keepDays * DAY_MS)
  }
  const followCredentials = credentialWatch({
    credentials: devices.credentials,
    load: records.credentials.all,
    disconnect: devices.disconnect,
  })

  await watchClock()
  const chores: readonly Chore[] = [
    // A replay clock has no ticks: its time passes with the entries alone.
    ...(config.clock === 'system' ? [{ name: 'tick', ms: TICK_MS, by: clock, work: ingest.tick }] : []),
    { name: 'clock watch', ms: CLOCK_WATCH_MS, by: wallClock, work: watchClock },
    { name: 'alert sweep', ms: SWEEP_MS, by: clock, work: () => rules.alerts.sweep(clock.now()) },
    { name: 'credentials', ms: CREDENTIALS_MS, by: wallClock, work: followCredentials },
    { name: 'journal retention', ms: TRIM_MS, by: wallClock, work: trim },
  ]
  for (const chore of chores) scope.defer(chore.name, repeat(chore, logger))
}

interface Chore {
  readonly name: string
  readonly ms: number
  readonly by: Clock
  readonly work: () => Promise<unknown>
}

/** A failure is logged and the next run comes. Returns the cancel function. */
function repeat({ name, ms, by, work }: Chore, logger: Logger): () => void {
  const attempt = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      logger.error({ part: name, error: String(error) }, 'failed, will retry')
    }
  }
  return by.every(ms, () => void attempt())
}
