/** The very engine over a recorded log: which alerts these rules would have given. */
import type { DeviceEntry, Journaled } from '../model/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { AlertKind, Severity } from '../model/severity.ts'
import type { Text } from '../model/text.ts'
import type { CompiledRules } from './compiled-rule.ts'
import { createEngine, type EngineStats } from './engine.ts'

export interface Episode {
  readonly rule: string
  readonly ref: string
  readonly device: string
  /** As people say it; the subject's id when the device has no place. */
  readonly place: Text
  readonly kind: AlertKind
  /** The last it had, and the reason of that. */
  readonly severity: Severity
  /** Event times, ms. */
  readonly raisedAt: number
  /** `null` = still active at the end of the log, or ended only by a person. */
  readonly clearedAt: number | null
  readonly reason: Text
}

export interface BacktestInput {
  readonly rules: CompiledRules
  readonly directory: Directory
  /** Sorted by `receivedAt`. Numbered here as a journal would. */
  readonly entries: Iterable<DeviceEntry>
}

export interface BacktestResult {
  /** Sorted by `raisedAt`, then rule and device. */
  readonly episodes: readonly Episode[]
  readonly stats: EngineStats
}

/** The log ends with its last entry: nothing is said about the time after it. */
export function backtest({ rules, directory, entries }: BacktestInput): BacktestResult {
  const engine = createEngine({ rules, directory })
  const episodes = new Map<string, Episode>()
  let seq = 0
  for (const entry of entries) {
    seq += 1
    const journaled: Journaled<DeviceEntry> = { ...entry, seq }
    for (const finding of engine.apply(journaled)) fold(episodes, finding, directory)
  }
  const sorted = [...episodes.values()].sort(byTime)
  return { episodes: sorted, stats: engine.stats() }
}

/** Takes one finding into the episodes, by id. What late data took back is gone. */
function fold(episodes: Map<string, Episode>, finding: Finding, directory: Directory): void {
  const { episode: id, change, severity, at, raisedAt, reason } = finding
  const known = episodes.get(id)
  if (change === 'began') {
    episodes.set(id, begun(finding, directory))
    return
  }
  if (change === 'retracted') episodes.delete(id)
  if (!known) return
  // What people see is the newest severity with its reason, as alerts/ keeps them: the two are compared byte by byte.
  if (change === 'severity') episodes.set(id, { ...known, severity, reason })
  else if (change === 'ended') episodes.set(id, { ...known, clearedAt: at })
  else if (change === 'corrected') {
    const again = !finding.ended && known.clearedAt !== null ? { reason } : undefined
    episodes.set(id, { ...known, raisedAt, clearedAt: finding.ended ? at : null, ...again })
  }
}

function begun(finding: Finding, directory: Directory): Episode {
  const { rule, ref, device, kind, severity, raisedAt, reason, subject } = finding
  const name = subject ?? device
  const place = directory.device(device)?.place ?? { zh: name, en: name }
  return { rule, ref, device, place, kind, severity, raisedAt, clearedAt: null, reason }
}

function byTime(a: Episode, b: Episode): number {
  const [first, second] = [`${a.rule} ${a.device}`, `${b.rule} ${b.device}`]
  return a.raisedAt - b.raisedAt || (first < second ? -1 : first > second ? 1 : 0)
}
