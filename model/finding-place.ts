/** The place of a finding from the directory; also for devices that are no longer in it. */
import type { Finding } from './finding.ts'
import type { Directory } from './ports/directory.ts'
import type { Text } from './text.ts'

/** The device's place, and how many others are concerned. */
export function findingPlace(
  { device: id, devices, subject }: Pick<Finding, 'device' | 'devices' | 'subject'>,
  directory: Pick<Directory, 'device'>,
): Text {
  const name = subject ?? id
  const place = directory.device(id)?.place ?? { zh: name, en: name }
  const others = (devices?.length ?? 1) - 1
  if (others <= 0) return place
  return { zh: `${place.zh} 等 ${others + 1} 处`, en: `${place.en} and ${others} more` }
}
