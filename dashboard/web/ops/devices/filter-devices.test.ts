import { expect, test } from 'vitest'
import type { DeviceSummary } from '../../../../model/api.ts'
import { filterDevices } from './filter-devices.ts'

const device = (id: string, patch: Partial<DeviceSummary> = {}): DeviceSummary => ({
  id,
  type: 'bin',
  site: 'east',
  place: { zh: `${id} 号房`, en: `Room ${id}` },
  online: true,
  lastSeenAt: 1,
  openAlerts: 0,
  ...patch,
})
const ids = (list: readonly DeviceSummary[]) => list.map(({ id }) => id)

test('devices with alerts first, then offline ones, then by id', () => {
  const devices = [device('b'), device('d', { online: false }), device('a'), device('c', { openAlerts: 2 })]
  expect(ids(filterDevices(devices, { search: '', type: '' }))).toEqual(['c', 'd', 'a', 'b'])
})

test('filters by type and by every word in id or place', () => {
  const devices = [device('x1'), device('x2', { type: 'door' }), device('y1')]
  expect(ids(filterDevices(devices, { search: 'ROOM x', type: '' }))).toEqual(['x1', 'x2'])
  expect(ids(filterDevices(devices, { search: '号房', type: 'door' }))).toEqual(['x2'])
})
