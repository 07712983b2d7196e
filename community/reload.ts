/** Reloads the community file while the hub runs: a file with any problem is refused, and the running one stays. */
import type { CommunityFile } from '../model/community-file.ts'
import { formatProblem, LinliError, type Problem } from '../model/errors.ts'
import type { Device } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records } from '../model/ports/records.ts'
import { createSerial } from '../model/serial.ts'
import type { LiveDirectory } from './directory.ts'
import { saveStaff } from './staff.ts'

export interface ReloadDeps {
  readonly directory: LiveDirectory
  readonly records: Pick<Records, 'transaction'>
  readonly logger: Logger
  readonly metrics: Metrics
  /** The file as it is now; throws COMMUNITY_INVALID with every problem. */
  load(): Promise<CommunityFile>
  /** Disconnects a device that was removed or has moved. */
  disconnect(device: string, reason: string): unknown
  /** Ends the sessions of a user whose rights have changed. */
  signOut(login: string): Promise<unknown>
}

export type ReloadReport =
  | { readonly ok: true; readonly added: number; readonly removed: number; readonly moved: number }
  | { readonly ok: false; readonly message: string; readonly problems: readonly Problem[] }

/** Returns a function that never rejects; overlapping calls run one after the other. */
export function createReload(deps: ReloadDeps): () => Promise<ReloadReport> {
  const outcomes = deps.metrics.counter('linli_community_reloads_total', 'Reloads of the community file', [
    'outcome',
  ])
  const reload = async (): Promise<ReloadReport> => {
    const report = await attempt(deps)
    outcomes.add({ outcome: report.ok ? 'taken' : 'refused' })
    logReport(deps.logger, report)
    return report
  }
  const serial = createSerial()
  return () => serial(reload)
}

async function attempt(deps: ReloadDeps): Promise<ReloadReport> {
  const { directory } = deps
  try {
    const file = await deps.load()
    const before = directory.devices()
    // Staff first: when this fails, nothing has been changed yet.
    const changed = await saveStaff(deps.records, file)
    directory.replace(file)
    const removed = before.filter(({ id }) => !directory.device(id))
    const moved = before.filter((device) => hasMoved(device, directory.device(device.id)))
    for (const { id } of removed) deps.disconnect(id, 'removed')
    for (const { id } of moved) deps.disconnect(id, 'moved')
    for (const login of changed) await signOut(login, deps)
    const added = directory.devices().length - (before.length - removed.length)
    return { ok: true, added, removed: removed.length, moved: moved.length }
  } catch (error) {
    const problems = error instanceof LinliError ? error.problems : []
    return { ok: false, message: error instanceof Error ? error.message : String(error), problems }
  }
}

/** Not fatal: the new file is active, and rights are checked at every request. */
async function signOut(login: string, deps: Pick<ReloadDeps, 'signOut' | 'logger'>): Promise<void> {
  try {
    await deps.signOut(login)
  } catch (err) {
    deps.logger.error({ err, login }, 'sessions could not be ended')
  }
}

/** A device with another site or type has other topics than those of its session. */
function hasMoved(before: Device, now: Device | undefined): boolean {
  return now !== undefined && (now.site !== before.site || now.type !== before.type)
}

function logReport(logger: Logger, report: ReloadReport): void {
  if (report.ok) {
    const { added, removed, moved } = report
    logger.info({ added, removed, moved }, 'community file reloaded')
    return
  }
  logger.error(
    { reason: report.message, problems: report.problems.map(formatProblem) },
    'community file refused; the running one stays',
  )
}
