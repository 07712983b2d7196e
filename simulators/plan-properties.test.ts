import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { makeCommunity } from './demo/community.ts'
import { DAY, HOUR, MINUTE } from './devices/behaviour.ts'
import type { Fault } from './faults/fault.ts'
import { faults } from './faults/table.ts'
import { makePlan, placeFault, resolveFault } from './plan.ts'
import { sideEffects, sideEffectsOf } from './side-effects.ts'
import { subjectsOf } from './subject.ts'

const from = Date.parse('2026-03-01T00:00:00Z')
const community = communityFile.parse(makeCommunity({ everyRoom: true, sites: 1 }))
const subjects = subjectsOf(community)
const subjectById = new Map(subjects.map((subject) => [subject.id, subject]))

describe('makePlan', () => {
  test('any seed, length and choice: within the span, detectable, with a gap on every device', () => {
    const options = fc.record({
      seed: fc.string(),
      days: fc.integer({ min: 1, max: 8 }),
      gap: fc.integer({ min: 10, max: 240 }),
      only: fc.option(fc.uniqueArray(fc.constantFrom(...faults.keys()), { minLength: 1 }), {
        nil: undefined,
      }),
    })
    fc.assert(
      fc.property(options, ({ seed, days, gap, only }) => {
        const to = from + days * DAY
        const plan = makePlan({ community, seed, from, to, meanGap: gap * MINUTE, ...(only && { only }) })
        for (const [index, one] of plan.entries()) {
          const { fault, effect } = resolveFault(one)
          expect(one.from).toBeGreaterThanOrEqual(plan[index - 1]?.from ?? from)
          expect(effect.from).toBeGreaterThanOrEqual(from)
          expect(one.expectRaisedBy).toBeLessThanOrEqual(Math.min(to, one.to))
          expect(only ?? [one.fault]).toContain(one.fault)
          const subject = subjectById.get(one.device)
          expect(fault.deviceTypes).toContain(subject?.type)
          if (subject) expect(fault.isDetectable?.(one, subject) ?? true).toBe(true)
          for (const other of plan.slice(0, index))
            if (other.devices.some((device) => one.devices.includes(device)))
              expect(one.from > other.to + 30 * MINUTE || other.from > one.to + 30 * MINUTE).toBe(true)
        }
      }),
      { numRuns: 15 },
    )
  })

  test('maxDuration caps every fault; those that need longer are left out', () => {
    const plan = makePlan({
      community,
      seed: 'm',
      from,
      to: from + 2 * DAY,
      meanGap: 5 * MINUTE,
      maxDuration: 20 * MINUTE,
    })
    expect(plan.length).toBeGreaterThan(50)
    for (const one of plan) {
      expect(one.to - one.from).toBeLessThanOrEqual(20 * MINUTE)
      const fault = faults.get(one.fault)
      if (!fault?.decoy) expect(fault?.raiseWithin).toBeLessThanOrEqual(20 * MINUTE)
    }
  })
})

describe('placeFault', () => {
  const span = { from, to: from + HOUR }
  const placeOn = (name: string, type: string) => {
    const subject = subjects.find((one) => one.type === type)
    if (!subject) throw new Error(type)
    return { subject, planned: placeFault(faults.get(name) as Fault, subject, { span, subjects }) }
  }

  test.each([
    ['circuit-outage', 'streetlight', 'circuit'],
    ['gateway-down', 'bin', 'gateway'],
    ['stays-in', 'door', 'home'],
  ] as const)('%s on a %s affects all devices of its %s, the chosen one first', (name, type, group) => {
    const { subject, planned } = placeOn(name, type)
    const members = subjects.filter((one) => one[group] === subject[group]).map(({ id }) => id)
    expect(members.length).toBeGreaterThan(1)
    expect(planned.devices[0]).toBe(subject.id)
    expect([...planned.devices].sort()).toEqual(members.sort())
  })

  test('a device fault affects that device only', () => {
    const { subject, planned } = placeOn('bin-fire', 'bin')
    expect(planned).toMatchObject({ device: subject.id, devices: [subject.id], decoy: false })
    expect(planned.expectRaisedBy).toBe(from + MINUTE)
  })

  test('a device without a gateway is affected alone, a decoy is expected never to raise', () => {
    const subject = {
      ...(subjects.find(({ type }) => type === 'bin') as (typeof subjects)[number]),
      gateway: null,
    }
    expect(placeFault(faults.get('gateway-down') as Fault, subject, { span, subjects }).devices).toEqual([
      subject.id,
    ])
    expect(placeOn('bag-on-sensor', 'bin').planned).toMatchObject({ decoy: true, expectRaisedBy: span.to })
  })
})

describe('sideEffectsOf', () => {
  test('matches by rule number and by fault name, with the time after the fault', () => {
    expect(sideEffectsOf({ fault: 'pressure-peak', ref: 'K1' })).toEqual(new Map([['K2', 7 * DAY]]))
    expect(sideEffectsOf({ fault: 'unstable-line', ref: 'D7' })).toEqual(
      new Map([
        ['D1', 0],
        ['D9', 0],
        ['E8', 0],
      ]),
    )
    expect(sideEffectsOf({ fault: 'smoke', ref: 'S1' }).size).toBe(0)
  })

  test('every cause and rule exists', () => {
    const refs = new Set([...faults.values()].map(({ ref }) => ref))
    for (const { cause, alsoRaises, reason } of sideEffects) {
      expect(refs.has(cause) || faults.has(cause), cause).toBe(true)
      expect(alsoRaises.filter((ref) => !refs.has(ref))).toEqual([])
      expect(reason).not.toBe('')
    }
  })
})
