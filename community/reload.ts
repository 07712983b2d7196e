/** Reads the community file again while the hub runs: taken whole, or refused whole and the running one stays. */
import type { CommunityFile } from '../model/community-file.ts'
import { formatProblem, LinliError, type Problem } from '../model/errors.ts'
import type { Device } from '../model/ports/directory.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records } from '../model/ports/records.ts'
import type { LiveDirectory } from './live-directory.ts'
import { saveStaff } from './staff.ts'

export interface ReloadDeps {
  readonly directory: LiveDirectory
  readonly records: Pick<Records, 'transaction'>
  readonly logger: Logger
  readonly metrics: Metrics
  /** The file as it is now; throws COMMUNITY_INVALID with every problem. */
  load(): Promise<CommunityFile>
  /** Hangs up on a device that is no longer what it signed in as. */
  disconnect(device: string, reason: string): unknown
  /** Ends the sign-ins of a person whose rights have changed. */
  signOut(login: string): Promise<unknown>
}

export type ReloadReport =
  | { readonly ok: true; readonly added: number; readonly removed: number; readonly moved: number }
  | { readonly ok: false; readonly message: string; readonly problems: readonly Problem[] }

/** Returns a function that never rejects; calls that overlap happen one after the other. */
export function createReload(deps: ReloadDeps): () => Promise<ReloadReport> {
  const outcomes = deps.metrics.counter('linli_community_reloads_total', 'Reloads of the community file', [
    'outcome',
  ])
  const reload = async (): Promise<ReloadReport> => {
    const report = await attempt(deps)
    outcomes.add({ outcome: report.ok ? 'taken' : 'refused' })
    tell(deps.logger, report)
    return report
  }
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const turn = last.then(reload)
    last = turn
    return turn
  }
}

async function attempt(deps: ReloadDeps): Promise<ReloadReport> {
  const { directory } = deps
  try {
    const file = await deps.load()
    const before = directory.devices()
    // Staff first: it can fail, and then nothing has happened yet.
    const changed = await saveStaff(deps.records, file)
    directory.take(file)
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

/** The file is taken by now; what the person may do is asked at every request anyway. */
async function signOut(login: string, deps: Pick<ReloadDeps, 'signOut' | 'logger'>): Promise<void> {
  try {
    await deps.signOut(login)
  } catch (err) {
    deps.logger.error({ err, login }, 'sign-ins could not be ended')
  }
}

/** Its topics are others now: what it signed in for is no longer its own. */
function hasMoved(before: Device, now: Device | undefined): boolean {
  return now !== undefined && (now.site !== before.site || now.type !== before.type)
}

function tell(logger: Logger, report: ReloadReport): void {
  if (report.ok) {
    const { added, removed, moved } = report
    logger.info({ added, removed, moved }, 'community file taken')
    return
  }
  logger.error(
    { reason: report.message, problems: report.problems.map(formatProblem) },
    'community file refused; the running one stays',
  )
}
