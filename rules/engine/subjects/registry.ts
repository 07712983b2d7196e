/** Plans and builds timelines from the directory: which rules apply to which devices, homes and circuits. */
import type { Device, Directory } from '../../../model/ports/directory.ts'
import type { CompiledRule, CompiledRules } from '../../compile/compiled-rule.ts'
import { ruleFor } from '../../compile/overrides.ts'
import type { Location, LocationFacts } from '../../expression/location.ts'
import { emptyScope, type HomeFacts, type Layout, type Scope, slotBit } from '../../expression/scope.ts'
import type { Grouping } from '../../schema/rule-file.ts'
import { emptyView } from '../evaluate/view.ts'
import type { CellLayout, DeviceRecord, Member, RuleInstance, Timeline, View } from '../types.ts'
import { createTimeline } from './create-timeline.ts'
import { TimelineMember } from './member.ts'

/** A timeline to be built: its devices and the rules on it. */
export interface Plan {
  readonly key: string
  readonly id: string
  readonly devices: readonly Device[]
  readonly rules: readonly CompiledRule[]
  /** Variants of rules with overrides; when they differ the timeline is rebuilt. */
  readonly variants: readonly string[]
  readonly home: HomeFacts | undefined
  /** Location of each device. */
  readonly locations: readonly LocationFacts[]
}

const initials: Readonly<Record<Grouping, string>> = {
  device: 'd',
  home: 'h',
  circuit: 'c',
  gateway: 'g',
  building: 'b',
  site: 's',
}

/**
 * Plans all timelines; depends on directory and rules only. Every device has a timeline, even without a rule.
 * `devices`: those of the directory, completed by reported facts.
 */
export function planTimelines(
  { list }: CompiledRules,
  directory: Directory,
  devices: readonly Device[] = directory.devices(),
): Plan[] {
  const homeOf = homesOf(directory)
  const alone = list.filter((rule) => rule.of === 'device')
  const plans = devices.map((device): Plan => {
    const home = homeOf(device)
    const selected = selectVariants(alone, device)
    const rules = selected.rules.filter((rule) => concerns(rule, device, home))
    const locations = [locationOf(device, directory)]
    return {
      key: keyOf('device', device.id),
      id: device.id,
      devices: [device],
      rules,
      variants: selected.variants,
      home,
      locations,
    }
  })
  for (const of of Object.keys(initials) as Grouping[]) {
    const all = list.filter((rule) => rule.of === of)
    if (of === 'device' || all.length === 0) continue
    for (const [group, members] of Map.groupBy(devices, (device) => groupOf(device, of))) {
      if (group === null) continue
      const id = group.replace(single, '')
      const home = members[0] && homeOf(members[0])
      const { rules, variants } = selectVariants(all, members[0])
      const groups = byMembers(rules, members, home)
      for (const { name, devices: concerned, rules: own } of groups) {
        const locations = concerned.map((device) => locationOf(device, directory))
        const key = keyOf(of, `${group}${name}`)
        // Which rules share a timeline may change with the devices of another one.
        const shared = groups.length > 1 ? [...variants, ...own.map((rule) => rule.id)] : variants
        plans.push({ key, id, devices: concerned, rules: own, variants: shared, home, locations })
      }
    }
  }
  return plans
}

/** Joined, not concatenated, so that V8 stores one flat string: there are thousands of them. */
const keyOf = (of: Grouping, id: string): string => [initials[of], id].join(':')

interface MemberGroup {
  /** `:` and the first rule; empty for the timeline with the most rules, usually the only one. */
  readonly name: string
  readonly devices: readonly Device[]
  readonly rules: readonly CompiledRule[]
}

/**
 * Groups rules by the members they select: a rule about the lamps of a circuit must not count its cabinet, so it gets
 * a timeline of its own.
 */
function byMembers(
  rules: readonly CompiledRule[],
  members: readonly Device[],
  home: HomeFacts | undefined,
): MemberGroup[] {
  const groups = new Map<string, { devices: readonly Device[]; rules: CompiledRule[] }>()
  for (const rule of rules) {
    const devices = members.filter((device) => concerns(rule, device, home))
    if (devices.length === 0) continue
    const key = devices.length === members.length ? '*' : devices.map(({ id }) => id).join(' ')
    const known = groups.get(key)
    if (known) known.rules.push(rule)
    else groups.set(key, { devices, rules: [rule] })
  }
  const most = Math.max(...[...groups.values()].map((group) => group.rules.length))
  const main = [...groups.values()].find((group) => group.rules.length === most)
  return [...groups.values()].map((group) => ({
    ...group,
    name: group === main ? '' : `:${group.rules[0]?.id}`,
  }))
}

/** The rules with their overrides for a device or a group, and the names of the variants. */
function selectVariants(
  list: readonly CompiledRule[],
  device: Device | undefined,
): Pick<Plan, 'rules' | 'variants'> {
  const variants: string[] = []
  const rules: CompiledRule[] = []
  for (const rule of list) {
    const found = rule.overrides ? ruleFor(rule, device) : rule
    if (rule.overrides) variants.push(`${rule.id}:${found?.variant ?? 'off'}`)
    if (found) rules.push(found)
  }
  return { rules, variants }
}

/** No group id begins with this. */
const single = /^=/

/** Group of a device; a lamp without a known circuit forms its own. */
export function groupOf(device: Device, of: Exclude<Grouping, 'device'>): string | null {
  return device[of] ?? (of === 'circuit' ? `=${device.id}` : null)
}

/** Devices of one home share one object of facts. */
function homesOf(directory: Directory): (device: Device) => HomeFacts | undefined {
  const known = new Map<string, HomeFacts>()
  return ({ home: id }) => {
    const home = id === null ? undefined : directory.home(id)
    if (id === null || !home) return undefined
    const facts = known.get(id) ?? { fragile: home.fragile, persons: home.persons, away: home.away }
    known.set(id, facts)
    return facts
  }
}

/** The device's own coordinates if known, otherwise its site's. */
function locationOf({ site: id, latitude, longitude }: Device, directory: Directory): LocationFacts {
  const site = directory.site(id)
  const own = latitude !== null && longitude !== null
  return {
    timeZone: site?.timeZone,
    latitude: own ? latitude : site?.latitude,
    longitude: own ? longitude : site?.longitude,
  }
}

function concerns(rule: CompiledRule, device: Device, home: HomeFacts | undefined): boolean {
  if (!rule.types.has(device.type)) return false
  if (!rule.where) return true
  return rule.where({ ...emptyScope(), type: device.type, meta: device.meta, home }) === true
}

export interface TimelineContext {
  /** Filled while building. */
  readonly cellLayouts: Map<string, CellLayout>
  /** Initial views by layout. */
  readonly unknown: Map<Layout, View>
  /** Layouts of types whose values are not stored. */
  readonly withoutValues: Map<string, Layout>
  readonly rules: CompiledRules
  readonly records: ReadonlyMap<string, DeviceRecord>
  /** Shared scope over newest values, for timers. */
  readonly timerScope: Scope
  readonly locationOf: (facts: LocationFacts) => Location
}

/** Large groups that only watch connectivity store no values. */
export function keepsNoValues({ devices, rules }: Pick<Plan, 'devices' | 'rules'>): boolean {
  return devices.length > 1 && rules.every(({ condition }) => condition.clock === 'hub')
}

export function buildTimeline(plan: Plan, signature: string, building: TimelineContext): Timeline {
  const layouts = keepsNoValues(plan) ? none : building.rules.layouts
  const members = plan.devices.map((_, index) => buildMember(plan, index, { ...building, layouts }))
  const { key, id, home } = plan
  const blank = { key, signature, id, home, members, timerScope: building.timerScope }
  return createTimeline(blank, (timeline) => cellLayoutOf(plan, timeline, building))
}

const none: ReadonlyMap<string, Layout> = new Map()

function buildMember(
  { devices, locations }: Plan,
  index: number,
  {
    layouts,
    records,
    unknown,
    withoutValues,
    locationOf,
  }: TimelineContext & { readonly layouts: ReadonlyMap<string, Layout> },
): Member {
  const { id, type } = devices[index] as Device
  const layout = layouts.get(type) ?? withoutValues.get(type) ?? { type, fields: [] }
  if (layout.fields.length === 0) withoutValues.set(type, layout)
  const known = unknown.get(layout) ?? emptyView(layout)
  unknown.set(layout, known)
  return new TimelineMember({
    record: records.get(id) as DeviceRecord,
    index,
    layout,
    location: locationOf(locations[index] as LocationFacts),
    unknown: known,
  })
}

function cellLayoutOf(plan: Plan, timeline: Timeline, building: TimelineContext): CellLayout {
  const { members } = timeline
  const rules = plan.rules.filter(
    (rule) =>
      plan.devices.some((device) => concerns(rule, device, plan.home)) && rule.condition.applies(timeline),
  )
  if (members.length > 1) return layOutCells(rules, plan, members)
  const all = building.rules.list
  const nameOf = (rule: CompiledRule) => (rule.variant ? `${rule.id}:${rule.variant}` : all.indexOf(rule))
  const key = `${members[0]?.layout.type} ${rules.map(nameOf).join(' ')}`
  const cellLayout = building.cellLayouts.get(key) ?? layOutCells(rules, plan, members)
  building.cellLayouts.set(key, cellLayout)
  return cellLayout
}

function layOutCells(rules: readonly CompiledRule[], plan: Plan, members: readonly Member[]): CellLayout {
  let cells = rules.length
  const signalCells = rules.map((rule) => {
    const first = cells
    cells += rule.signals.length * members.length
    return first
  })
  const all = rules.map((rule, index): RuleInstance => {
    return {
      rule,
      cell: index,
      signalCell: signalCells[index] as number,
      episodeCell: cells + index,
      masks: members.map(({ layout }) => maskOf(rule, layout.type)),
      concerns: plan.devices.map((device) => concerns(rule, device, plan.home)),
      signals: rule.signals.map(() => undefined),
    }
  })
  const of = (clock: 'device' | 'hub') => all.filter(({ rule }) => rule.condition.clock === clock)
  return { instances: of('device'), hubInstances: of('hub'), cells }
}

function maskOf(rule: CompiledRule, type: string): number {
  let mask = 0
  for (const slot of rule.reads.get(type) ?? []) mask |= slotBit(slot)
  return mask
}

/** Names of cells for snapshots; stable when rules are added or a home gets another sensor. */
export function cellNames(timeline: Pick<Timeline, 'instances' | 'hubInstances' | 'members'>): string[] {
  const names: string[] = []
  for (const { rule, cell, signalCell, episodeCell } of [...timeline.instances, ...timeline.hubInstances]) {
    names[cell] = `${rule.id}/${rule.stateShape}`
    names[episodeCell] = `${rule.id}/${rule.stateShape}!`
    timeline.members.forEach(({ record }, member) => {
      rule.signals.forEach(({ name }, index) => {
        names[signalCell + member * rule.signals.length + index] = `${rule.id}/${name}@${record.device.id}`
      })
    })
  }
  return names
}
