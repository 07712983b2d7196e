/** Which devices and rules are evaluated together in a backtest. */
import { expect, test } from 'vitest'
import type { Device } from '../../model/ports/directory.ts'
import { device, directoryOf, shipped } from '../testing/community.ts'
import { divideByGroup } from './partitions.ts'

const lamps = (circuit: string, count: number, more: Partial<Device> = {}) =>
  Array.from({ length: count }, (_, n) => device(`${circuit}-${n}`, 'streetlight', { circuit, ...more }))
const home = (id: string) => [
  device(`${id}-door`, 'door', { home: id }),
  device(`${id}-hall`, 'motion', { home: id }),
]
const rules = shipped(
  'lamp-dark',
  'circuit-outage',
  'no-entrance-opening',
  'mass-offline-gateway',
  'mass-offline-site',
)

const divided = (devices: readonly Device[], full = 2, widest = 5) => {
  const {
    partitions: small,
    wide,
    partitionOf: partOf,
  } = divideByGroup({ rules, directory: directoryOf(devices) }, { minDevices: full, maxGroup: widest })
  return {
    devices: small.map(({ directory }) => directory.devices().map(({ id }) => id)),
    rules: small[0]?.rules.list.map(({ id }) => id) ?? [],
    wide: wide?.rules.list.map(({ id }) => id) ?? [],
    everywhere: wide?.directory.devices().length ?? 0,
    partOf,
  }
}

test('keeps a group together beyond the size of a partition, then begins the next one', () => {
  const { devices, partOf } = divided([...home('h1'), device('bin', 'bin'), ...lamps('c1', 3), ...home('h2')])
  expect(devices).toEqual([
    ['h1-door', 'h1-hall'],
    ['bin', 'c1-0', 'c1-1', 'c1-2'],
    ['h2-door', 'h2-hall'],
  ])
  expect(['bin', 'c1-2', 'h2-hall', 'nobody'].map(partOf)).toEqual([1, 1, 2, 0])
})

test('joins groups that share a device: two circuits behind one gateway', () => {
  const some = [...lamps('c1', 2), ...lamps('c2', 2)]
  expect(divided(some, 2, 3).devices).toEqual([
    ['c1-0', 'c1-1'],
    ['c2-0', 'c2-1'],
  ])
  const joined = some.map((lamp, n) => (n === 1 || n === 2 ? { ...lamp, gateway: 'g1' } : lamp))
  expect(divided(joined, 2, 3).devices).toEqual([['c1-0', 'c1-1', 'c2-0', 'c2-1']])
})

test('evaluates rules about larger groups separately, over all devices', () => {
  const some = [...lamps('c1', 3, { gateway: 'g1' }), ...lamps('c2', 3, { gateway: 'g1' }), ...home('h1')]
  const { devices, rules: near, wide, everywhere } = divided(some)
  expect(wide).toEqual(['mass-offline-gateway', 'mass-offline-site'])
  expect(near).toEqual(['circuit-outage', 'lamp-dark', 'no-entrance-opening'])
  expect(devices.map((part) => part.length)).toEqual([3, 3, 2])
  expect(everywhere).toBe(8)
  expect(divided(some, 2, 100).wide).toEqual([])
})
