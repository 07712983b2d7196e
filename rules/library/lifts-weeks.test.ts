/** The shipped rules that compare a lift with its own last weeks (domain.md 2). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 11 } })])
const atRest: FieldValues = {
  carMode: 'normal',
  carDriveStatus: 'stationary',
  carDoorZone: true,
  carDoorStatus: 'closed',
  passengerPresence: false,
  carSpeed: 0,
  doorReopens: 0,
}
const h = 3600
const d = 24 * h

interface Quarter {
  /** Whole days since the start, hour of the day. */
  readonly day: number
  readonly hour: number
}

/** A reading every quarter of an hour for `days` days; undefined = no message. */
function quarters(days: number, start: (when: Quarter) => FieldValues | undefined): StoryMessage[] {
  return Array.from({ length: days * 96 }, (_, index): StoryMessage | undefined => {
    const day = Math.floor(index / 96)
    const hour = (index % 96) / 4
    const values = start({ day, hour })
    return values && { device: 'lift1', at: `${day * 24 + hour}h 7s`, values: { ...atRest, ...values } }
  }).filter((messages) => messages !== undefined)
}

const run = (ids: readonly string[], messages: readonly StoryMessage[]) =>
  story(shipped(...ids), lift).say(...messages)
const changesOf = (ids: readonly string[], messages: readonly StoryMessage[]): string[] =>
  run(ids, messages).findings.map(
    ({ change, rule, at }) => `${change} ${rule} day ${Math.floor((at - Date.UTC(2026, 2, 1)) / 86_400_000)}`,
  )
/** Reproducible noise by day and hour, -1 … 1. */
const wobble = ({ day, hour }: Quarter): number => Math.sin(day * 7.3 + hour * 3.1)

describe('E7 a worn door', () => {
  /** Door openings per trip by day, with one trip per quarter of an hour. */
  const doors = (days: number, perTrip: (day: number) => number, restart?: number) => {
    let [trips, cycles] = [50_000, 120_000]
    return quarters(days, ({ day, hour }) => {
      if (day === restart && hour === 12) [trips, cycles] = [0, 0]
      trips += 1
      cycles += perTrip(day)
      return { tripCount: trips, doorCycles: cycles }
    })
  }

  test('raises at the end of a day with three times its usual openings per trip, clears after a normal day', () => {
    const end = run(
      ['door-reopening'],
      doors(20, (day) => (day === 17 ? 7 : 2)),
    )
    expect(end.emitted()).toEqual([
      `began door-reopening@${18 * d + 7}`,
      `ended door-reopening@${19 * d + 7}`,
    ])
    expect(end.findings[0]?.reason).toEqual({
      zh: '每趟运行开门 7 次，平时 2 次',
      en: 'Door opens 7 times per trip, usually 2',
    })
  })
  test('ignores twice its usual, and doors that always open that often', () => {
    expect(
      changesOf(
        ['door-reopening'],
        doors(20, (day) => (day > 15 ? 4 : 2)),
      ),
    ).toEqual([])
    expect(
      changesOf(
        ['door-reopening'],
        doors(20, () => 8),
      ),
    ).toEqual([])
  })
  test('ignores counters that restart at 0', () => {
    expect(
      changesOf(
        ['door-reopening'],
        doors(20, () => 2, 16),
      ),
    ).toEqual([])
  })
  test('keeps the reason of a door obstructed at one stop', () => {
    const messages = [
      ...doors(2, () => 2),
      { device: 'lift1', at: '48h', values: { ...atRest, doorReopens: 5 } },
    ]
    expect(run(['door-reopening'], messages).findings.map(({ reason }) => reason.en)).toEqual([
      'Door reopened 5 times at one stop',
    ])
  })
})

describe('E10 ride quality', () => {
  /** A ride every hour; little vibration at rest. */
  const rides = (days: number, rms: (when: Quarter) => number, carMode = 'normal') =>
    quarters(
      days,
      (when): FieldValues =>
        when.hour % 1 === 0.25
          ? { carMode, carSpeed: 1.6, vibrationRms: rms(when) + 0.05 * wobble(when) }
          : { carMode, vibrationRms: 0.12 },
    )

  test('raises after 3 rough days compared with its own weeks, independent of vibration at rest', () => {
    const end = run(
      ['rough-ride'],
      rides(20, ({ day }) => (day >= 15 ? 1.5 : 1)),
    )
    expect(end.emitted()).toEqual([`began rough-ride@${18 * d + 0.25 * h + 7}`])
    expect(end.findings[0]?.reason.en).toMatch(
      /^Rough rides for 3 days: 1\.5\d* mm\/s, usually 1(\.0\d)? mm\/s/,
    )
  })
  test('ignores two days, and lifts that were always that rough', () => {
    expect(
      changesOf(
        ['rough-ride'],
        rides(20, ({ day }) => (day === 15 || day === 16 ? 1.5 : 1)),
      ),
    ).toEqual([])
    expect(
      changesOf(
        ['rough-ride'],
        rides(20, () => 1.6),
      ),
    ).toEqual([])
  })
  test('ignores vibration at rest and rides in inspection', () => {
    const shaking = rides(20, () => 1).map((messages): StoryMessage => {
      const rest = messages.values?.carSpeed === 0
      return rest ? { ...messages, values: { ...messages.values, vibrationRms: 5 } } : messages
    })
    expect(changesOf(['rough-ride'], shaking)).toEqual([])
    const inspected = [...rides(15, () => 1), ...rides(20, () => 3, 'inspection').slice(15 * 96)]
    expect(changesOf(['rough-ride'], inspected)).toEqual([])
  })
})

describe('E11 motor and machine room', () => {
  const e11 = ['lift-overheated']
  const warm = (days: number, motor: (when: Quarter) => number, room = 26) =>
    quarters(days, (when) => ({ motorTemperature: motor(when) + wobble(when), machineRoomTemperature: room }))
  const minutes = (values: FieldValues, from: number, to: number): StoryMessage[] =>
    Array.from({ length: to - from + 1 }, (_, index) => ({
      device: 'lift1',
      at: `${from + index}m`,
      values: { ...atRest, ...values },
    }))

  test('raises above 90 °C for 2 min, clears below 85 °C', () => {
    const end = run(e11, [
      ...minutes({ motorTemperature: 91, machineRoomTemperature: 30 }, 0, 5),
      ...minutes({ motorTemperature: 88, machineRoomTemperature: 30 }, 6, 9),
      ...minutes({ motorTemperature: 84, machineRoomTemperature: 30 }, 10, 12),
    ])
    expect(end.emitted()).toEqual(['began lift-overheated@120', 'ended lift-overheated@600'])
    expect(end.findings[0]?.reason.en).toBe('Motor at 91 °C (limit 90 °C)')
  })
  test('raises for a machine room above 40 °C for 10 min', () => {
    const end = run(e11, minutes({ motorTemperature: 60, machineRoomTemperature: 41 }, 0, 12))
    expect(end.emitted()).toEqual(['began lift-overheated@600'])
    expect(end.findings[0]?.reason.en).toBe('Machine room at 41 °C (limit 40 °C)')
  })
  test('raises after a day 20 K above its own weeks', () => {
    const end = run(
      e11,
      warm(20, ({ day }) => (day === 16 ? 67 : 45)),
    )
    expect(end.emitted()).toEqual([
      `began lift-overheated@${17 * d + 7}`,
      `ended lift-overheated@${18 * d + 7}`,
    ])
    expect(end.findings[0]?.reason.en).toMatch(/^Motor at 6[67](\.\d+)? °C during the day, usually 4[45]/)
  })
  test('ignores values at the limits, a heat wave and a short peak', () => {
    expect(changesOf(e11, minutes({ motorTemperature: 90, machineRoomTemperature: 40 }, 0, 60))).toEqual([])
    expect(
      changesOf(
        e11,
        warm(22, ({ day }) => (day >= 15 ? 56 : 45), 39),
      ),
    ).toEqual([])
    expect(
      changesOf(e11, minutes({ motorTemperature: 93 }, 0, 0).concat(minutes({ motorTemperature: 80 }, 1, 9))),
    ).toEqual([])
  })
})

describe('E12 traffic', () => {
  const e12 = ['lift-unused', 'lift-traffic-odd']
  /** Trips per quarter of an hour: three by day, none at night. */
  const usual = ({ hour }: Quarter): number => (hour >= 7 && hour < 21 ? 3 : 0)
  const traffic = (
    days: number,
    trips: (when: Quarter) => number,
    more: (when: Quarter) => FieldValues = () => ({}),
  ) => {
    let count = 70_000
    return quarters(days, (when) => {
      count += trips(when)
      return { tripCount: count, ...more(when) }
    })
  }
  const dead = ({ day, hour }: Quarter): boolean => day === 18 && hour >= 8 && hour < 16

  test('raises after 2 h without trips at a busy time, and inhibits unusual traffic', () => {
    const end = run(
      e12,
      traffic(20, (when) => (dead(when) ? 0 : usual(when))),
    )
    const unused = end.findings.filter(({ rule }) => rule === 'lift-unused')
    expect(unused.map(({ change, at }) => `${change} ${(at - Date.UTC(2026, 2, 19)) / 3_600_000}`)).toEqual([
      expect.stringMatching(/^began 10\.0/),
      expect.stringMatching(/^ended 18\.0/),
    ])
    expect(unused[0]).toMatchObject({ severity: 'medium', inhibits: ['lift-traffic-odd'] })
    expect(unused[0]?.reason.en).toMatch(/^No trip for 2 h; usually about 2\d at this time$/)
  })
  test('raises for five times the usual trips in an hour', () => {
    const busy = ({ day, hour }: Quarter) => day === 18 && hour >= 12 && hour < 15
    const end = run(
      e12,
      traffic(20, (when) => usual(when) * (busy(when) ? 6 : 1)),
    )
    expect(end.findings[0]).toMatchObject({ rule: 'lift-traffic-odd', change: 'began', severity: 'low' })
  })
  test('ignores nights, lifts out of service or in inspection, and lifts known for only a week', () => {
    expect(changesOf(e12, traffic(22, usual))).toEqual([])
    for (const carMode of ['out-of-service', 'inspection']) {
      const out = (when: Quarter): FieldValues => (dead(when) ? { carMode } : {})
      const messages = traffic(20, (when) => (dead(when) ? 0 : usual(when)), out)
      expect(changesOf(e12, messages)).toEqual([])
    }
    const early = ({ day, hour }: Quarter) => day === 8 && hour >= 8 && hour < 16
    expect(
      changesOf(
        e12,
        traffic(10, (when) => (early(when) ? 0 : usual(when))),
      ),
    ).toEqual([])
  })
  test('ignores an offline lift and a counter reset', () => {
    const silent = quarters(20, (when) =>
      dead(when)
        ? undefined
        : { tripCount: 70_000 + when.day * 42 + Math.min(14, Math.max(0, when.hour - 7)) * 3 },
    )
    expect(changesOf(e12, silent)).toEqual([])
    let count = 70_000
    const restarted = quarters(20, (when) => {
      if (when.day === 18 && when.hour === 10) count = 0
      count += usual(when)
      return { tripCount: count }
    })
    expect(changesOf(e12, restarted)).toEqual([])
  })
  test('ignores a holiday that looks like a Sunday', () => {
    // The timeline starts on a Sunday; weekends have a third of the trips.
    const isWeekend = (day: number) => day % 7 === 0 || day % 7 === 6
    const trips = (when: Quarter) => (isWeekend(when.day) || when.day === 25 ? usual(when) / 3 : usual(when))
    expect(changesOf(e12, traffic(28, trips))).toEqual([])
  })
})
