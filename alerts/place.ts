/** Where an alert is, as people say it; from the directory, with a sane answer for a device it no longer knows. */
import type { Finding } from '../model/finding.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { PlaceFacts } from './apply-finding.ts'

export function placeFacts(finding: Finding, directory: Directory): PlaceFacts {
  const device = directory.device(finding.device)
  const place = device?.place ?? { zh: finding.device, en: finding.device }
  const others = (finding.devices?.length ?? 1) - 1
  return {
    grid: device?.grid ?? null,
    deviceType: device?.type ?? 'unknown',
    place:
      others > 0 ? { zh: `${place.zh} 等 ${others + 1} 处`, en: `${place.en} and ${others} more` } : place,
  }
}
