import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import { faults } from '../simulators/faults/table.ts'
import { resolveFault } from '../simulators/plan.ts'
import { subjectsOf } from '../simulators/subject.ts'
import { scorecardCommunity } from './community.ts'
import { deliveryErrorOf, scorecardDisturbances } from './disturbances.ts'
import { scorecardPlan } from './plan.ts'

const from = Date.parse('2026-02-28T16:00:00Z')
const to = from + 60 * DAY
const community = communityFile.parse(scorecardCommunity('t', 380))
const planOf = (seed: string, wants: (ref: string) => boolean = () => true) =>
  scorecardPlan({ community, seed, from, to, perRule: 4, wants })

describe('the community', () => {
  test('has at least the requested size and all device types, and is the same for the same seed', () => {
    const large = communityFile.parse(scorecardCommunity('t', 2000))
    expect(large.devices.length).toBeGreaterThanOrEqual(2000)
    expect(large.devices.length).toBeLessThan(2700)
    const count = (type: string) => large.devices.filter((device) => device.type === type).length
    expect(count('elevator')).toBeGreaterThanOrEqual(45)
    expect(count('streetlight')).toBeGreaterThan(700)
    expect(count('bin')).toBeGreaterThanOrEqual(230)
    expect(large.homes.length).toBeGreaterThanOrEqual(180)
    expect(scorecardCommunity('t', 380)).toEqual(scorecardCommunity('t', 380))
  })

  test('has homes with ids of their own, so routines differ between communities', () => {
    const homesOf = (seed: string) =>
      new Set(scorecardCommunity(seed, 380).devices?.flatMap(({ home }) => home ?? []))
    expect(homesOf('t').size).toBeGreaterThan(20)
    expect(homesOf('t').isDisjointFrom(homesOf('u'))).toBe(true)
  })

  test('connects home sensors and bins through gateways', () => {
    for (const { type, home, gateway } of community.devices)
      if (home || type === 'bin') expect(gateway).toMatch(/-gateway$/)
  })
})

describe('the plan', () => {
  const { plan, short } = planOf('p')

  test('has the requested number of faults per rule, or lists those that could not be placed', () => {
    const lacking = new Set(short.map(({ fault }) => faults.get(fault)?.ref))
    const count = (ref: string, decoy: boolean) =>
      plan.filter((one) => one.ref === ref && one.decoy === decoy).length
    for (const { ref, decoy } of faults.values())
      if (!lacking.has(ref)) expect(count(ref, decoy === true), ref).toBeGreaterThanOrEqual(4)
    for (const { placed, wanted } of short) expect(placed).toBeLessThan(wanted)
  })

  test('starts after the learning time, ends before the run, and has deadlines within the fault', () => {
    for (const planned of plan) {
      const { fault, effect } = resolveFault(planned)
      expect(effect.from).toBeGreaterThanOrEqual(from + Math.max(15 * DAY, fault.minHistory ?? 0))
      expect(effect.to).toBeLessThanOrEqual(to - HOUR)
      expect(planned.expectRaisedBy).toBeLessThanOrEqual(planned.to)
    }
  })

  test('leaves half a day between faults of the same device or home', () => {
    const homes = new Map(subjectsOf(community).map(({ id, home }) => [id, home ?? id]))
    const spans = new Map<string, { from: number; to: number }[]>()
    for (const { devices, from: begins, to: ends } of plan)
      for (const key of new Set(devices.map((device) => homes.get(device) ?? device)))
        spans.set(key, [...(spans.get(key) ?? []), { from: begins, to: ends }])
    for (const list of spans.values()) {
      const sorted = list.toSorted((a, b) => a.from - b.from)
      for (const [index, span] of sorted.entries())
        if (index > 0) expect(span.from - (sorted[index - 1]?.to ?? 0)).toBeGreaterThanOrEqual(12 * HOUR)
    }
  })

  test('is reproducible by its seed, and contains only the wanted rules', () => {
    expect(planOf('p').plan).toEqual(plan)
    expect(planOf('q').plan).not.toEqual(plan)
    expect(new Set(planOf('p', (ref) => ref === 'B4').plan.map(({ ref }) => ref))).toEqual(new Set(['B4']))
  })

  test('has no fault that ends within a hub outage', () => {
    const outage = { from: from + 20 * DAY, to: from + 50 * DAY }
    const { plan: withOutage } = scorecardPlan({
      community,
      seed: 'p',
      from,
      to,
      perRule: 4,
      wants: () => true,
      outages: [outage],
    })
    expect(withOutage.length).toBeGreaterThan(50)
    for (const one of withOutage)
      if (one.from <= outage.to && one.to >= outage.from)
        expect(one.to).toBeGreaterThan(outage.to + 15 * MINUTE)
  })

  test('lists a fault that a short run has no room for', () => {
    const two = scorecardPlan({
      community,
      seed: 'p',
      from,
      to: from + 2 * DAY,
      perRule: 2,
      wants: (ref) => ref === 'H1',
    })
    expect(two.plan.filter(({ fault }) => fault === 'no-door-opening')).toEqual([])
    expect(two.short).toContainEqual(expect.objectContaining({ fault: 'no-door-opening', placed: 0 }))
  })
})

describe('disturbances', () => {
  const planned = scorecardDisturbances({ community, seed: 'p', from, to })
  const devicesOf = (name: string) =>
    new Set(
      planned.filter(({ disturbance }) => disturbance.name === name).flatMap(({ devices }) => [...devices]),
    )

  test('affect a share of the devices each', () => {
    for (const name of ['clock-ahead', 'clock-behind', 'clock-unset', 'duplicated', 'reordered'])
      expect(devicesOf(name).size, name).toBeGreaterThan(0)
    expect(devicesOf('reordered').size).toBeLessThan(community.devices.length * 0.3)
    expect(planned.filter(({ disturbance }) => disturbance.isHubOutage)).toHaveLength(3)
  })

  test('neither reorder nor duplicate messages of devices without a clock', () => {
    for (const name of ['duplicated', 'reordered', 'gateway-back-fills'])
      expect(devicesOf(name).intersection(devicesOf('clock-unset')).size).toBe(0)
  })

  test('count towards the delivery error only while they overlap', () => {
    const outage = planned.find(({ disturbance }) => disturbance.isHubOutage)
    if (!outage) throw new Error('no hub outage')
    const undisturbed = community.devices.find(({ id }) =>
      planned.every((one) => one === outage || one.disturbance.isHubOutage || !one.devices.has(id)),
    )
    const devices = [undisturbed?.id ?? '']
    expect(deliveryErrorOf(planned, { devices, from: outage.from - 1, to: outage.from + 1 }).delays).toBe(
      16 * MINUTE,
    )
    expect(deliveryErrorOf(planned, { devices, from: outage.from - 2, to: outage.from - 1 })).toEqual({
      delays: 0,
      skews: 0,
    })
  })
})
