import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import { faults } from '../simulators/faults/table.ts'
import { effectiveSpan } from '../simulators/plan.ts'
import { subjectsOf } from '../simulators/subject.ts'
import { scorecardCommunity } from './community.ts'
import { scorecardDisturbances, troubleOf } from './disturbances.ts'
import { scorecardPlan } from './plan.ts'

const from = Date.parse('2026-02-28T16:00:00Z')
const to = from + 60 * DAY
const community = communityFile.parse(scorecardCommunity('t', 380))
const planOf = (seed: string, wants: (ref: string) => boolean = () => true) =>
  scorecardPlan({ community, seed, from, to, perRule: 4, wants })

describe('the community', () => {
  test('is at least as large as asked for, with all kinds of devices in it, the same for the same seed', () => {
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

  test('people of two communities do not spend the same days', () => {
    const homesOf = (seed: string) =>
      new Set(scorecardCommunity(seed, 380).devices?.flatMap(({ home }) => home ?? []))
    expect(homesOf('t').size).toBeGreaterThan(20)
    expect(homesOf('t').isDisjointFrom(homesOf('u'))).toBe(true)
  })

  test('sensors of homes and bins speak through gateways', () => {
    for (const { type, home, gateway } of community.devices)
      if (home || type === 'bin') expect(gateway).toMatch(/-gateway$/)
  })
})

describe('the plan', () => {
  const { plan, short } = planOf('p')

  test('has of every rule as many faults as asked for, or says which found no room', () => {
    const lacking = new Set(short.map(({ fault }) => faults.get(fault)?.ref))
    const count = (ref: string, decoy: boolean) =>
      plan.filter((one) => one.ref === ref && one.decoy === decoy).length
    for (const { ref, decoy } of faults.values())
      if (!lacking.has(ref)) expect(count(ref, decoy === true), ref).toBeGreaterThanOrEqual(4)
    for (const { placed, wanted } of short) expect(placed).toBeLessThan(wanted)
  })

  test('waits until life is known, leaves room at the end, asks for nothing after it is over', () => {
    for (const planned of plan) {
      const { fault, effect } = effectiveSpan(planned)
      expect(effect.from).toBeGreaterThanOrEqual(from + Math.max(15 * DAY, fault.learns ?? 0))
      expect(effect.to).toBeLessThanOrEqual(to - HOUR)
      expect(planned.expectRaisedBy).toBeLessThanOrEqual(planned.to)
    }
  })

  test('nothing befalls a device or a home within half a day of something else', () => {
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

  test('is made again by its seed, and holds only what is wanted', () => {
    expect(planOf('p').plan).toEqual(plan)
    expect(planOf('q').plan).not.toEqual(plan)
    expect(new Set(planOf('p', (ref) => ref === 'B4').plan.map(({ ref }) => ref))).toEqual(new Set(['B4']))
  })

  test('nothing is over before a hub that was away is back', () => {
    const deaf = { from: from + 20 * DAY, to: from + 50 * DAY }
    const { plan: seen } = scorecardPlan({
      community,
      seed: 'p',
      from,
      to,
      perRule: 4,
      wants: () => true,
      deaf: [deaf],
    })
    expect(seen.length).toBeGreaterThan(50)
    for (const one of seen)
      if (one.from <= deaf.to && one.to >= deaf.from) expect(one.to).toBeGreaterThan(deaf.to + 15 * MINUTE)
  })

  test('a run that is too short for a fault says so', () => {
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

  test('a share of the devices has each, and most have none that lasts', () => {
    for (const name of ['clock-ahead', 'clock-behind', 'clock-unset', 'duplicated', 'reordered'])
      expect(devicesOf(name).size, name).toBeGreaterThan(0)
    expect(devicesOf('reordered').size).toBeLessThan(community.devices.length * 0.3)
    expect(planned.filter(({ disturbance }) => disturbance.deafens)).toHaveLength(3)
  })

  test('a device without a clock is neither overtaken nor doubled', () => {
    for (const name of ['duplicated', 'reordered', 'gateway-back-fills'])
      expect(devicesOf(name).intersection(devicesOf('clock-unset')).size).toBe(0)
  })

  test('trouble is what overlaps', () => {
    const deaf = planned.find(({ disturbance }) => disturbance.deafens)
    if (!deaf) throw new Error('no deaf hub')
    const calm = community.devices.find(({ id }) =>
      planned.every((one) => one === deaf || one.disturbance.deafens || !one.devices.has(id)),
    )
    const devices = [calm?.id ?? '']
    expect(troubleOf(planned, { devices, from: deaf.from - 1, to: deaf.from + 1 }).delays).toBe(16 * MINUTE)
    expect(troubleOf(planned, { devices, from: deaf.from - 2, to: deaf.from - 1 })).toEqual({
      delays: 0,
      skews: 0,
    })
  })
})
