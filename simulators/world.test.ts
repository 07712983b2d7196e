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

function toldBy(type: string, plan: readonly PlannedFault[] = [], pace?: ReadonlyMap<string, number>) {
  const said = simulateMessages({
    community: only(type),
    seed: 'w',
    plan,
    from,
    to,
    ...(pace && { minInterval: pace }),
  })
  return [...said].filter(({ channel }) => channel === 'telemetry')
}

function planned(name: string, type: string): PlannedFault {
  const fault = faults.get(name)
  const subjects = subjectsOf(only(type))
  const subject = subjects[0]
  if (!fault || !subject) throw new Error(name)
  const span = { from: from + HOUR + 7, to: from + HOUR + 10 * MINUTE }
  return placeFault(fault, subject, { span, subjects })
}

describe('a world', () => {
  test('when the hub is there again every device says how it stands', () => {
    const back = from + HOUR + 7
    const said = simulateMessages({ community: whole, seed: 'w', plan: [], from, to, hubReturns: [back] })
    const told = [...said].filter(({ channel, receivedAt }) => channel === 'telemetry' && receivedAt === back)
    expect(new Set(told.map(({ subject }) => subject.id))).toEqual(new Set(whole.devices.map(({ id }) => id)))
  })

  test('a device with a pace speaks no more often, and lives the same life', () => {
    const gaps = (pace?: ReadonlyMap<string, number>) => {
      const times = toldBy('streetlight', [], pace).map(({ receivedAt }) => receivedAt)
      return times.slice(1).map((time, index) => time - (times[index] ?? 0))
    }
    const slow = gaps(new Map([['streetlight', 11 * MINUTE]]))
    expect(slow.length).toBeGreaterThan(15)
    expect(Math.min(...slow)).toBe(11 * MINUTE)
    expect(Math.min(...gaps())).toBeLessThan(11 * MINUTE)
    expect(gaps(new Map([['bin', 11 * MINUTE]]))).toEqual(gaps())
  })

  test('a fault makes its device speak at its beginning, as often as it says, and at its end, whatever the pace', () => {
    const burning = planned('bin-fire', 'bin')
    const every = faults.get('bin-fire')?.reportEvery ?? 0
    const pace = new Map([['bin', HOUR]])
    const times = new Set(toldBy('bin', [burning], pace).map(({ receivedAt }) => receivedAt))
    for (let at = burning.from; at < burning.to; at += every) expect(times).toContain(at)
    expect(times).toContain(burning.to)
    const hot = toldBy('bin', [burning], pace).filter(({ payload }) => Number(payload.temperature) > 40)
    expect(hot.length).toBe(Math.ceil((burning.to - burning.from) / every))
    for (const { receivedAt } of hot) expect(receivedAt).toBeLessThan(burning.to)
  })
})
