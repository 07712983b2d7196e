/** Folds findings into episodes, with their final times and severity, as alerts/ shows them. */
import type { Finding } from '../../model/finding.ts'
import { findingPlace } from '../../model/finding-place.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { AlertKind, Severity } from '../../model/severity.ts'
import type { Text } from '../../model/text.ts'

export interface Episode {
  readonly rule: string
  readonly ref: string
  readonly device: string
  /** Id of the home, circuit … or device that it is about. */
  readonly subject: string
  /** For people; the subject's id when the device has no place. */
  readonly place: Text
  readonly kind: AlertKind
  /** The last severity; `reason` belongs to it. */
  readonly severity: Severity
  /** Event times, ms. */
  readonly raisedAt: number
  /** `null` = active at the end of the log, or cleared only by a person. */
  readonly clearedAt: number | null
  readonly reason: Text
}

/** Applies one finding to the episodes, by id, whether or not it makes an alert. A retracted episode is deleted. */
export function foldFinding(episodes: Map<string, Episode>, finding: Finding, directory: Directory): void {
  const { episode: id, change, severity, at, raisedAt, reason } = finding
  const known = episodes.get(id)
  if (change === 'began') {
    episodes.set(id, newEpisode(finding, directory))
    return
  }
  if (change === 'retracted') episodes.delete(id)
  if (!known) return
  // The newest severity with its reason, as in alerts/: backtest and live results are compared byte by byte.
  if (change === 'severity') episodes.set(id, { ...known, severity, reason })
  else if (change === 'ended') episodes.set(id, { ...known, clearedAt: at })
  else if (change === 'corrected') {
    const again = !finding.ended && known.clearedAt !== null ? { reason } : undefined
    episodes.set(id, { ...known, raisedAt, clearedAt: finding.ended ? at : null, ...again })
  }
}

function newEpisode(finding: Finding, directory: Directory): Episode {
  const { rule, ref, device, kind, severity, raisedAt, reason } = finding
  const subject = finding.subject ?? device
  const place = findingPlace(finding, directory)
  return { rule, ref, device, subject, place, kind, severity, raisedAt, clearedAt: null, reason }
}

/** By `raisedAt`, then rule and device. */
export function sortEpisodes(episodes: Iterable<Episode>): Episode[] {
  return [...episodes].sort((a, b) => {
    const [first, second] = [`${a.rule} ${a.device}`, `${b.rule} ${b.device}`]
    return a.raisedAt - b.raisedAt || (first < second ? -1 : first > second ? 1 : 0)
  })
}
