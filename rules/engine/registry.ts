/** From the directory to timelines: which rules watch which devices, homes and circuits. */
import type { Device, Directory } from '../../model/ports/directory.ts'
import type { CompiledRule, CompiledRules } from '../compiled-rule.ts'
import type { Subject } from '../conditions/condition.ts'
import type { Location, LocationFacts } from '../expression/location.ts'
import { emptyScope, type HomeFacts, type Scope, slotBit } from '../expression/scope.ts'
import type { Grouping } from '../rule-file.ts'
import type { DeviceRecord, Instance, Member, Timeline } from './types.ts'
import { emptyView } from './view.ts'

/** One timeline that ought to be: its devices and the rules on it. */
export interface Plan {
  readonly key: string
  readonly id: string
  readonly devices: readonly Device[]
  readonly rules: readonly CompiledRule[]
  readonly home: HomeFacts | undefined
  /** Where each device is. */
  readonly locations: readonly LocationFacts[]
}

const initials: Readonly<Record<Grouping, string>> = {
  device: 'd',
  home: 'h',
  circuit: 'c',
  gateway: 'g',
  building: 'b',
}

/** The same for the same directory and rules, whatever was before. Every device has one, even without a rule. */
export function planTimelines({ list }: CompiledRules, directory: Directory): Plan[] {
  const devices = directory.devices()
  const plans = devices.map((device): Plan => {
    const home = homeOf(device, directory)
    const rules = list.filter((rule) => rule.of === 'device' && concerns(rule, device, home))
    const locations = [locationOf(device, directory)]
    return {
      key: `${initials.device}:${device.id}`,
      id: device.id,
      devices: [device],
      rules,
      home,
      locations,
    }
  })
  for (const of of Object.keys(initials) as Grouping[]) {
    const rules = list.filter((rule) => rule.of === of)
    if (of === 'device' || rules.length === 0) continue
    for (const [id, members] of Map.groupBy(devices, (device) => device[of])) {
      if (id === null) continue
      const home = members[0] && homeOf(members[0], directory)
      const concerned = members.filter((device) => rules.some((rule) => concerns(rule, device, home)))
      const locations = concerned.map((device) => locationOf(device, directory))
      if (concerned.length > 0)
        plans.push({ key: `${initials[of]}:${id}`, id, devices: concerned, rules, home, locations })
    }
  }
  return plans
}

function homeOf(device: Device, directory: Directory): HomeFacts | undefined {
  const home = device.home === null ? undefined : directory.home(device.home)
  return home && { fragile: home.fragile, persons: home.persons, away: home.away }
}

/** Its own coordinates when they are known, otherwise its site's. */
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

/** What instances of one rule on single devices of one type have in common; most instances are such. */
type Common = Pick<Instance, 'masks' | 'concerns' | 'signals'>

export interface Building {
  /** Filled while building. */
  readonly common: Map<string, Common>
  readonly rules: CompiledRules
  readonly records: ReadonlyMap<string, DeviceRecord>
  /** Shared scope for looking at newest values. */
  readonly peek: Scope
  readonly locationOf: (facts: LocationFacts) => Location
}

/** Undefined when no rule has anything to do there. The records get their places in it. */
export function buildTimeline(plan: Plan, building: Building): Timeline {
  const { rules, records, peek } = building
  const members = plan.devices.map((device, index): Member => {
    const layout = rules.layouts.get(device.type) ?? { type: device.type, fields: [] }
    const record = records.get(device.id) as DeviceRecord
    const before = layout.fields.map(() => undefined)
    return {
      record,
      layout,
      location: building.locationOf(plan.locations[index] as LocationFacts),
      view: emptyView(layout),
      base: emptyView(layout),
      before,
      told: 0,
      newest: -1,
      behind: undefined,
    }
  })
  const subject = subjectOf(plan, members, peek)
  let cells = 0
  const instances: Instance[] = []
  for (const rule of plan.rules) {
    const concerned = plan.devices.map((device) => concerns(rule, device, plan.home))
    if (!concerned.includes(true) || !rule.condition.applies(subject)) continue
    const common = commonOf(rule, members, { concerned, building })
    instances.push({ rule, cell: cells, scheduled: Number.POSITIVE_INFINITY, ...common })
    cells += 2 + rule.signals.length * members.length
  }
  const timeline: Timeline = {
    key: plan.key,
    subject,
    members,
    instances: instances.filter(({ rule }) => rule.condition.clock === 'device'),
    hubInstances: instances.filter(({ rule }) => rule.condition.clock === 'hub'),
    cells: new Array<unknown>(cells).fill(undefined),
    ring: [],
    newest: -1,
    horizon: -1,
    nextDue: Number.NaN,
    dirty: false,
  }
  members.forEach(({ record }, member) => {
    record.places.push({ timeline, member })
  })
  return timeline
}

function commonOf(
  rule: CompiledRule,
  members: readonly Member[],
  { concerned, building }: { concerned: readonly boolean[]; building: Building },
): Common {
  const key = `${rule.id} ${members[0]?.layout.type}`
  const known = members.length === 1 ? building.common.get(key) : undefined
  if (known) return known
  const common = {
    masks: members.map(({ layout }) => maskOf(rule, layout.type)),
    concerns: concerned,
    signals: rule.signals.map(() => undefined),
  }
  if (members.length === 1) building.common.set(key, common)
  return common
}

function subjectOf({ id, home }: Plan, members: readonly Member[], peek: Scope): Subject {
  return {
    id,
    members: members.map(({ record }) => record),
    home,
    scope(index, now = Number.NaN) {
      const { record, layout, view, location } = members[index] as Member
      peek.type = layout.type
      peek.now = now
      peek.location = location
      peek.slots = view.slots
      peek.at = view.at
      peek.own = []
      peek.before = []
      peek.event = ''
      peek.meta = record.meta
      peek.home = home
      peek.oldest = 0
      return peek
    },
  }
}

function maskOf(rule: CompiledRule, type: string): number {
  let mask = 0
  for (const slot of rule.reads.get(type) ?? []) mask |= slotBit(slot)
  return mask
}

/** Names of cells that stay the same when rules are added or a home gets another sensor. */
export function cellNames(timeline: Timeline): string[] {
  const names: string[] = []
  for (const { rule, cell } of [...timeline.instances, ...timeline.hubInstances]) {
    names[cell] = `${rule.id}/${rule.conditionName}`
    names[cell + 1] = `${rule.id}/${rule.conditionName}!`
    timeline.members.forEach(({ record }, member) => {
      rule.signals.forEach(({ name }, index) => {
        names[cell + 2 + member * rule.signals.length + index] = `${rule.id}/${name}@${record.device.id}`
      })
    })
  }
  return names
}
