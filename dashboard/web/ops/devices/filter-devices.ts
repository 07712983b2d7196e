/** Search in the loaded list of devices. Pure. */
import type { DeviceSummary } from '../../../../model/api.ts'

/** Devices of the type (empty = all) whose id or place contains every word; with alerts first, then offline ones. */
export function filterDevices(
  devices: readonly DeviceSummary[],
  { search, type }: { search: string; type: string },
): DeviceSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return devices
    .filter((device) => {
      if (type !== '' && device.type !== type) return false
      const text = `${device.id}\n${device.place.zh}\n${device.place.en}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(
      (a, b) =>
        Number(b.openAlerts > 0) - Number(a.openAlerts > 0) ||
        Number(a.online) - Number(b.online) ||
        (a.id < b.id ? -1 : 1),
    )
}
