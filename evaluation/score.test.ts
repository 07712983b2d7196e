import { describe, expect, test } from 'vitest'
import type { PlannedFault } from '../simulators/plan.ts'
import type { Told } from './measured.ts'
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

function told(over: Partial<Told> = {}): Told {
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
    held: false,
    reason: 'People are shut in',
    ...over,
  }
}

const scored = (
  alerts: readonly Told[],
  plan: readonly PlannedFault[],
  trouble?: { delays: number; skews: number },
) => score({ told: alerts }, { plan, ...(trouble && { troubleOf: () => trouble }) }, kinds)
const ruleOf = (result: ReturnType<typeof scored>, ref: string) =>
  result.rules.find((rule) => rule.ref === ref)

describe('a fault', () => {
  test('is found when people see its alert in time', () => {
    expect(ruleOf(scored([told()], [planned()]), 'E1')).toMatchObject({
      kind: 'safety',
      labelled: 1,
      found: 1,
      late: 0,
      right: 1,
      wrong: 0,
      delays: [45_000],
    })
  })

  test('is late when they see it after the time asked for, and counts as not found', () => {
    const result = scored([told({ seenAt: at(104) })], [planned()])
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 0, late: 1, right: 1, wrong: 0, delays: [at(4)] })
    expect(result.outcomes).toMatchObject([{ state: 'late', lateBy: at(3) }])
  })

  test('is not late by what the line held up', () => {
    const result = scored([told({ seenAt: at(104) })], [planned()], { delays: at(3), skews: 0 })
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 1, late: 0 })
  })

  test('the first of several alerts counts, the others are right too', () => {
    const alerts = [told({ seenAt: at(109), raisedAt: at(109) }), told()]
    expect(ruleOf(scored(alerts, [planned()]), 'E1')).toMatchObject({ found: 1, right: 2, delays: [45_000] })
  })

  test.each([
    ['nothing was told', []],
    ['another rule spoke', [told({ ref: 'E3' })]],
    ['another device spoke', [told({ devices: ['other'] })]],
    ['it was told before', [told({ raisedAt: at(90) })]],
    ['it was told long after', [told({ raisedAt: at(200) })]],
  ])('is missed when %s', (_, alerts) => {
    const result = scored(alerts, [planned()])
    expect(ruleOf(result, 'E1')).toMatchObject({ labelled: 1, found: 0, late: 0, delays: [] })
    expect(result.outcomes).toMatchObject([{ state: 'missed', delay: null }])
  })

  test('of a device whose clock is wrong is found by its own time', () => {
    const early = [told({ raisedAt: at(80.75), seenAt: at(100.75) })]
    expect(ruleOf(scored(early, [planned()]), 'E1')).toMatchObject({ found: 0, wrong: 1 })
    const result = scored(early, [planned()], { delays: 0, skews: at(20) })
    expect(ruleOf(result, 'E1')).toMatchObject({ found: 1, wrong: 0 })
  })
})

describe('an alert', () => {
  test('that nothing explains is false', () => {
    expect(ruleOf(scored([told()], []), 'E1')).toMatchObject({ labelled: 0, right: 0, wrong: 1 })
  })

  test('about a decoy is false and tells that the decoy fooled the rule', () => {
    const result = scored(
      [told(), told({ raisedAt: at(105) })],
      [planned({ decoy: true, expectRaisedBy: at(110) })],
    )
    expect(ruleOf(result, 'E1')).toMatchObject({ labelled: 0, wrong: 2, decoys: 1, fooled: 1 })
  })

  test('a decoy of another rule explains nothing and is not fooled', () => {
    const result = scored([told()], [planned({ ref: 'L4', decoy: true })])
    expect(ruleOf(result, 'E1')).toMatchObject({ wrong: 1 })
    expect(ruleOf(result, 'L4')).toMatchObject({ decoys: 1, fooled: 0 })
  })

  test('that the fault of another rule brings with it, or that is held, is neither right nor false', () => {
    const outage = planned({ fault: 'circuit-outage', ref: 'L4', devices: ['lamp', 'lamp2'] })
    const dark = told({ ref: 'L2', devices: ['lamp2'], kind: 'maintenance', severity: 'medium' })
    const held = told({ ref: 'L2', devices: ['far'], held: true })
    expect(ruleOf(scored([dark, held], [outage]), 'L2')).toMatchObject({ right: 0, wrong: 0, following: 2 })
  })

  test('that comes from the way to the hub is neither right nor false', () => {
    const alerts = [told(), told({ devices: ['other'] })]
    const isBrought = ({ devices }: Told): boolean => devices.includes('other')
    const result = score({ told: alerts }, { plan: [planned({ ref: 'L4' })], isBrought }, kinds)
    expect(ruleOf(result, 'E1')).toMatchObject({ right: 0, wrong: 1, following: 1 })
  })

  test('a decoy brings nothing with it', () => {
    const outage = planned({ fault: 'circuit-outage', ref: 'L4', devices: ['lamp'], decoy: true })
    expect(ruleOf(scored([told({ ref: 'L2', devices: ['lamp'] })], [outage]), 'L2')).toMatchObject({
      wrong: 1,
    })
  })
})

describe('the whole', () => {
  test('rules stand in the order of their numbers, the silent ones too', () => {
    const more: Kinds = new Map([...kinds, ['E10', 'maintenance'], ['E2', 'safety']])
    const result = score({ told: [] }, { plan: [] }, more)
    expect(result.rules.map(({ ref }) => ref)).toEqual(['E1', 'E2', 'E10', 'H9', 'K1', 'K2', 'L2', 'L4'])
  })

  test('a false welfare alert is a visit, unless it is a low one; an explained one is none', () => {
    const open = (over: Partial<Told>) =>
      told({ ref: 'H9', kind: 'welfare', severity: 'medium', devices: ['door'], ...over })
    const plan = [planned({ ref: 'H9', devices: ['other-door'] })]
    expect(scored([open({})], plan).falseVisits).toBe(1)
    expect(scored([open({ severity: 'low' })], plan).falseVisits).toBe(0)
    expect(scored([open({ devices: ['other-door'] })], plan).falseVisits).toBe(0)
    expect(scored([told()], plan).falseVisits).toBe(0)
  })
})

describe('what lasts after a fault', () => {
  test('a mean of a week may speak of a high value for a week, but is not asked for it', () => {
    const day = 24 * 60 * MINUTE
    const high = planned({ fault: 'pressure-peak', ref: 'K1', devices: ['kiosk'] })
    const mean = (raisedAt: number) => told({ ref: 'K2', devices: ['kiosk'], raisedAt })
    const result = scored([mean(high.to + 6 * day), mean(high.to + 8 * day)], [high])
    expect(ruleOf(scored([], [high]), 'K1')).toMatchObject({ labelled: 1, found: 0 })
    expect(result.judged.map(({ verdict }) => verdict.kind)).toEqual(['following', 'wrong'])
  })

  test('its own rule may not speak so late', () => {
    const high = planned({ fault: 'pressure-peak', ref: 'K1', devices: ['kiosk'] })
    const late = told({ ref: 'K1', devices: ['kiosk'], raisedAt: high.to + 24 * 60 * MINUTE })
    expect(scored([late], [high]).judged).toMatchObject([{ verdict: { kind: 'wrong', beside: high } }])
  })
})
