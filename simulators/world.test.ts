import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { makeCommunity } from './demo/community.ts'
import { HOUR, MINUTE } from './devices/behaviour.ts'
import { faults } from './faults/table.ts'
import { simulateMessages } from './message-stream.ts'
import { type PlannedFault, placeFault } from './plan.ts'
import { subjectsOf } from './subject.ts'

const from = Date.parse('2026-03-01T04:00:00Z')
const to = from + 4 * HOUR
const whole = communityFile.parse(makeCommunity({ sites: 1, gridsPerSite: 1 }))

function only(type: string) {
  const device = whole.devices.find((one) => one.type === type)
  if (!device) throw new Error(type)
  return { ...whole, devices: [device] }
}

function telemetryOf(
  type: string,
  plan: readonly PlannedFault[] = [],
  minInterval?: ReadonlyMap<string, number>,
) {
  const messages = simulateMessages({
    community: only(type),
    seed: 'w',
    plan,
    from,
    to,
    ...(minInterval && { minInterval }),
  })
  return [...messages].filter(({ channel }) => channel === 'telemetry')
}

function planned(name: string, type: string): PlannedFault {
  const fault = faults.get(name)
  const subjects = subjectsOf(only(type))
  const subject = subjects[0]
  if (!fault || !subject) throw new Error(name)
  const span = { from: from + HOUR + 7, to: from + HOUR + 10 * MINUTE }
  return placeFault(fault, subject, { span, subjects })
}

describe('createWorld', () => {
  test('every device reports its state when the hub returns', () => {
    const back = from + HOUR + 7
    const messages = simulateMessages({ community: whole, seed: 'w', plan: [], from, to, hubReturns: [back] })
    const states = [...messages].filter(
      ({ channel, receivedAt }) => channel === 'telemetry' && receivedAt === back,
    )
    expect(new Set(states.map(({ subject }) => subject.id))).toEqual(
      new Set(whole.devices.map(({ id }) => id)),
    )
  })

  test('minInterval limits how often a device of that type reports, and no other', () => {
    const gaps = (minInterval?: ReadonlyMap<string, number>) => {
      const times = telemetryOf('streetlight', [], minInterval).map(({ receivedAt }) => receivedAt)
      return times.slice(1).map((time, index) => time - (times[index] ?? 0))
    }
    const slow = gaps(new Map([['streetlight', 11 * MINUTE]]))
    expect(slow.length).toBeGreaterThan(15)
    expect(Math.min(...slow)).toBe(11 * MINUTE)
    expect(Math.min(...gaps())).toBeLessThan(11 * MINUTE)
    expect(gaps(new Map([['bin', 11 * MINUTE]]))).toEqual(gaps())
  })

  test('a fault reports at its start, at its interval and at its end, whatever minInterval is', () => {
    const fire = planned('bin-fire', 'bin')
    const every = faults.get('bin-fire')?.reportEvery ?? 0
    const minInterval = new Map([['bin', HOUR]])
    const times = new Set(telemetryOf('bin', [fire], minInterval).map(({ receivedAt }) => receivedAt))
    for (let at = fire.from; at < fire.to; at += every) expect(times).toContain(at)
    expect(times).toContain(fire.to)
    const hot = telemetryOf('bin', [fire], minInterval).filter(
      ({ payload }) => Number(payload.temperature) > 40,
    )
    expect(hot.length).toBe(Math.ceil((fire.to - fire.from) / every))
    for (const { receivedAt } of hot) expect(receivedAt).toBeLessThan(fire.to)
  })
})
