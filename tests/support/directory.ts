/** A directory of a few devices for tests that need no community file. */
import type { Device, Directory } from '../../model/ports/directory.ts'

export function device(values: Partial<Device> & Pick<Device, 'id' | 'type'>): Device {
  return {
    site: 'garden',
    grid: null,
    building: null,
    home: null,
    circuit: null,
    gateway: null,
    name: null,
    place: { zh: values.id, en: values.id },
    latitude: null,
    longitude: null,
    meta: {},
    ...values,
  }
}

export function directoryOf(devices: readonly Device[]): Directory {
  const byId = new Map(devices.map((one) => [one.id, one]))
  return {
    device: (id) => byId.get(id),
    home: () => undefined,
    site: () => undefined,
    crew: () => undefined,
    devices: () => devices,
    sites: () => [],
    grids: () => [],
    crews: () => [],
  }
}
