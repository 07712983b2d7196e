/** What an alert keeps of its device; from the directory, with a sane answer for one it no longer knows. */
import type { Finding } from '../model/finding.ts'
import { findingPlace } from '../model/finding-place.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { PlaceFacts } from './apply-finding.ts'

export function placeFacts(finding: Finding, directory: Directory): PlaceFacts {
  const device = directory.device(finding.device)
  return {
    grid: device?.grid ?? null,
    deviceType: device?.type ?? 'unknown',
    place: findingPlace(finding, directory),
  }
}
