import { describe, expect, test } from 'vitest'
import type { PlannedFault } from '../simulators/plan.ts'
import type { DetectedAlert } from './results.ts'
import { type Kinds, score } from './score.ts'

const MINUTE = 60_000
const at = (minute: number): number => minute * MINUTE

const kinds: Kinds = new Map([
  ['E1', 'safety'],
  ['L2', 'maintenance'],
  ['L4', 'maintenance'],
  ['H9', 'welfare'],
  ['K1', 'welfare'],
  ['K2', 'welfare'],
])

function planned(over: Partial<PlannedFault> = {}): PlannedFault {
  const devices = over.devices ?? ['lift']
  return {
    fault: 'entrapment',
    ref: 'E1',
    device: devices[0] ?? '',
    devices,
    from: at(100),
    to: at(110),
    decoy: false,
    expectRaisedBy: at(101),
    ...over,
  }
}

function alertOf(over: Partial<DetectedAlert> = {}): DetectedAlert {
  const raisedAt = over.raisedAt ?? at(100.75)
  return {
    rule: 'entrapment-between-floors',
    ref: 'E1',
    kind: 'safety',
    severity: 'critical',
    devices: ['lift'],
    raisedAt,
    seenAt: raisedAt,
    clearedAt: null,
    inhibited: false,
    reason: 'People trapped',
    ...over,
  }
}

const scored = (
  alerts: readonly DetectedAlert[],
  plan: readonly PlannedFault[],
  error?: { delays: number; skews: number },
) => score({ alerts }, { plan, ...(error && { deliveryErrorOf: () => error }) }, kinds)
const ruleOf = (result: ReturnType<typeof scored>, ref: string) =>
  result.rules.find((rule) => rule.ref === ref)

describe('a fault', () => {
  test('is found if the alert is visible before the deadline', () => {
    expect(ruleOf(scored([alertOf()], [planned()]), 'E1')).toMatchObject({
      kind: 'safety',
      labelled: 1,
      found: 1,
      late: 0,
      right: 1,
      wrong: 0,
      delays: [45_000],
    })
  })

  test('is late if the alert is visible after the deadline, and then not found', () => {
    const result = scored([alertOf({ seenAt: at(104) })], [planned()])
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 0, late: 1, right: 1, wrong: 0, delays: [at(4)] })
    expect(result.outcomes).toMatchObject([{ state: 'late', lateBy: at(3) }])
  })

  test('has a later deadline if its messages are delayed', () => {
    const result = scored([alertOf({ seenAt: at(104) })], [planned()], { delays: at(3), skews: 0 })
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 1, late: 0 })
  })

  test('is found by the first of several alerts; the others are true positives too', () => {
    const alerts = [alertOf({ seenAt: at(109), raisedAt: at(109) }), alertOf()]
    expect(ruleOf(scored(alerts, [planned()]), 'E1')).toMatchObject({ found: 1, right: 2, delays: [45_000] })
  })

  test.each([
    ['no alert was raised', []],
    ['another rule raised one', [alertOf({ ref: 'E3' })]],
    ['another device raised one', [alertOf({ devices: ['other'] })]],
    ['the alert was raised earlier', [alertOf({ raisedAt: at(90) })]],
    ['the alert was raised long after', [alertOf({ raisedAt: at(200) })]],
  ])('is missed if %s', (_, alerts) => {
    const result = scored(alerts, [planned()])
    expect(ruleOf(result, 'E1')).toMatchObject({ labelled: 1, found: 0, late: 0, delays: [] })
    expect(result.outcomes).toMatchObject([{ state: 'missed', delay: null }])
  })

  test('is found by device time if the device clock is wrong', () => {
    const early = [alertOf({ raisedAt: at(80.75), seenAt: at(100.75) })]
    expect(ruleOf(scored(early, [planned()]), 'E1')).toMatchObject({ found: 0, wrong: 1 })
    const result = scored(early, [planned()], { delays: 0, skews: at(20) })
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 1, wrong: 0 })
  })
})

describe('an alert', () => {
  test('is a false positive if nothing explains it', () => {
    expect(ruleOf(scored([alertOf()], []), 'E1')).toMatchObject({ labelled: 0, right: 0, wrong: 1 })
  })

  test('is a false positive on a decoy, which counts as fooled', () => {
    const result = scored(
      [alertOf(), alertOf({ raisedAt: at(105) })],
      [planned({ decoy: true, expectRaisedBy: at(110) })],
    )
    expect(ruleOf(result, 'E1')).toMatchObject({ labelled: 0, wrong: 2, decoys: 1, fooled: 1 })
  })

  test('is not explained by a decoy of another rule, which does not count as fooled', () => {
    const result = scored([alertOf()], [planned({ ref: 'L4', decoy: true })])
    expect(ruleOf(result, 'E1')).toMatchObject({ wrong: 1 })
    expect(ruleOf(result, 'L4')).toMatchObject({ decoys: 1, fooled: 0 })
  })

  test('is neither true nor false positive as a consequence of another fault or if inhibited', () => {
    const outage = planned({ fault: 'circuit-outage', ref: 'L4', devices: ['lamp', 'lamp2'] })
    const dark = alertOf({ ref: 'L2', devices: ['lamp2'], kind: 'maintenance', severity: 'medium' })
    const inhibited = alertOf({ ref: 'L2', devices: ['far'], inhibited: true })
    expect(ruleOf(scored([dark, inhibited], [outage]), 'L2')).toMatchObject({
      right: 0,
      wrong: 0,
      following: 2,
    })
  })

  test('is neither true nor false positive if a disturbance causes it', () => {
    const alerts = [alertOf(), alertOf({ devices: ['other'] })]
    const isCausedByDisturbance = ({ devices }: DetectedAlert): boolean => devices.includes('other')
    const result = score({ alerts }, { plan: [planned({ ref: 'L4' })], isCausedByDisturbance }, kinds)
    expect(ruleOf(result, 'E1')).toMatchObject({ right: 0, wrong: 1, following: 1 })
  })

  test('is not explained as a consequence of a decoy', () => {
    const outage = planned({ fault: 'circuit-outage', ref: 'L4', devices: ['lamp'], decoy: true })
    expect(ruleOf(scored([alertOf({ ref: 'L2', devices: ['lamp'] })], [outage]), 'L2')).toMatchObject({
      wrong: 1,
    })
  })
})

describe('the score', () => {
  test('lists all rules in numeric order, including those without alerts', () => {
    const more: Kinds = new Map([...kinds, ['E10', 'maintenance'], ['E2', 'safety']])
    const result = score({ alerts: [] }, { plan: [] }, more)
    expect(result.rules.map(({ ref }) => ref)).toEqual(['E1', 'E2', 'E10', 'H9', 'K1', 'K2', 'L2', 'L4'])
  })

  test('counts false welfare alerts above low severity as visits', () => {
    const open = (over: Partial<DetectedAlert>) =>
      alertOf({ ref: 'H9', kind: 'welfare', severity: 'medium', devices: ['door'], ...over })
    const plan = [planned({ ref: 'H9', devices: ['other-door'] })]
    expect(scored([open({})], plan).falseVisits).toBe(1)
    expect(scored([open({ severity: 'low' })], plan).falseVisits).toBe(0)
    expect(scored([open({ devices: ['other-door'] })], plan).falseVisits).toBe(0)
    expect(scored([alertOf()], plan).falseVisits).toBe(0)
  })
})

describe('consequences after a fault', () => {
  test('may raise a weekly average for a week after a high value, without expecting it', () => {
    const day = 24 * 60 * MINUTE
    const high = planned({ fault: 'pressure-peak', ref: 'K1', devices: ['kiosk'] })
    const mean = (raisedAt: number) => alertOf({ ref: 'K2', devices: ['kiosk'], raisedAt })
    const result = scored([mean(high.to + 6 * day), mean(high.to + 8 * day)], [high])
    expect(ruleOf(scored([], [high]), 'K1')).toMatchObject({ labelled: 1, found: 0 })
    expect(result.assessed.map(({ verdict }) => verdict.kind)).toEqual(['follow-up', 'false-positive'])
  })

  test('make an alert of the same rule a false positive if it comes that late', () => {
    const high = planned({ fault: 'pressure-peak', ref: 'K1', devices: ['kiosk'] })
    const late = alertOf({ ref: 'K1', devices: ['kiosk'], raisedAt: high.to + 24 * 60 * MINUTE })
    expect(scored([late], [high]).assessed).toMatchObject([
      { verdict: { kind: 'false-positive', beside: high } },
    ])
  })
})
