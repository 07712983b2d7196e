/**
 * Divides a community into independent partitions, so that a log can be evaluated one partition after another: the state of
 * a few devices stays in the processor's cache, that of thousands does not. The findings are the same.
 */
import type { Device, Directory } from '../../model/ports/directory.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { groupOf } from '../engine/engine.ts'
import type { Grouping } from '../schema/rule-file.ts'

export interface Partition {
  readonly rules: CompiledRules
  readonly directory: Directory
}

export interface Partitioning {
  /** At least one; each device is in exactly one. */
  readonly partitions: readonly Partition[]
  /** All devices, with the rules about groups that are too large for a partition. */
  readonly wide: Partition | undefined
  /** Index of the partition of a device; 0 for an unknown device. */
  partitionOf(device: string): number
}

export interface PartitionSizes {
  /** Devices at which a partition is full; a single group may be larger. */
  readonly minDevices: number
  /** Rules about groups with more devices than this are evaluated separately, over all devices. */
  readonly maxGroup: number
}

export function divideByGroup(
  { rules, directory }: Partition,
  { minDevices: full, maxGroup: widest }: PartitionSizes,
): Partitioning {
  const devices = directory.devices()
  const { list } = rules
  const isWide = widerThan(widest, devices)
  const groupings = new Set(list.map(({ of }) => of))
  const [wide, joining] = [[...groupings].filter(isWide), [...groupings].filter((of) => !isWide(of))]
  const small = packClusters(clustersOf(devices, joining), full)
  const numbers = new Map(small.flatMap((some, part) => some.map(({ id }) => [id, part] as const)))
  const only = (some: readonly Grouping[]): CompiledRules => ({
    ...rules,
    list: list.filter(({ of }) => some.includes(of)),
  })
  const smallRules = only(joining)
  return {
    partitions: small.map((some) => ({
      rules: smallRules,
      directory: { ...directory, devices: () => some },
    })),
    wide: wide.length > 0 ? { rules: only(wide), directory } : undefined,
    partitionOf: (device) => numbers.get(device) ?? 0,
  }
}

const widerThan =
  (widest: number, devices: readonly Device[]) =>
  (of: Grouping): boolean => {
    if (of === 'device') return false
    const groups = Map.groupBy(devices, (device) => groupOf(device, of))
    return [...groups].some(([group, members]) => group !== null && members.length > widest)
  }

/** Connected components: devices that share a group, directly or through others. */
function clustersOf(devices: readonly Device[], groupings: readonly Grouping[]): Iterable<Device[]> {
  const joined = new Map<string, string>()
  const clusterOf = (name: string): string => {
    let last = name
    for (let next = joined.get(last); next !== undefined; next = joined.get(last)) last = next
    return last
  }
  for (const device of devices) {
    for (const [of, group] of groupsOf(device, groupings)) {
      const [own, other] = [clusterOf(`device ${device.id}`), clusterOf(`${of} ${group}`)]
      if (own !== other) joined.set(own, other)
    }
  }
  return Map.groupBy(devices, ({ id }) => clusterOf(`device ${id}`)).values()
}

function groupsOf(device: Device, groupings: readonly Grouping[]): [Grouping, string][] {
  return groupings.flatMap((of): [Grouping, string][] => {
    const group = of === 'device' ? null : groupOf(device, of)
    return group === null ? [] : [[of, group]]
  })
}

/** Joins clusters until a partition is full. */
function packClusters(clusters: Iterable<readonly Device[]>, full: number): Device[][] {
  const partitions: Device[][] = []
  let current: Device[] = []
  for (const cluster of clusters) {
    current = current.concat(cluster)
    if (current.length < full) continue
    partitions.push(current)
    current = []
  }
  return current.length > 0 || partitions.length === 0 ? [...partitions, current] : partitions
}
