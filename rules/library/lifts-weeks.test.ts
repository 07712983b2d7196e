/** The shipped rules that compare a lift with its own last weeks, as timelines of days (domain.md 2). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 11 } })])
const still: FieldValues = {
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

/** What the lift tells at each quarter of an hour, for so many days; undefined = silent then. */
function quarters(days: number, tell: (when: Quarter) => FieldValues | undefined): StoryMessage[] {
  return Array.from({ length: days * 96 }, (_, index): StoryMessage | undefined => {
    const day = Math.floor(index / 96)
    const hour = (index % 96) / 4
    const values = tell({ day, hour })
    return values && { device: 'lift1', at: `${day * 24 + hour}h 7s`, values: { ...still, ...values } }
  }).filter((said) => said !== undefined)
}

const run = (ids: readonly string[], said: readonly StoryMessage[]) =>
  story(shipped(...ids), lift).say(...said)
const told = (ids: readonly string[], said: readonly StoryMessage[]): string[] =>
  run(ids, said).findings.map(
    ({ change, rule, at }) => `${change} ${rule} day ${Math.floor((at - Date.UTC(2026, 2, 1)) / 86_400_000)}`,
  )
/** Small differences from day to day and hour to hour, the same in every run: -1 … 1. */
const wobble = ({ day, hour }: Quarter): number => Math.sin(day * 7.3 + hour * 3.1)

describe('E7 a worn door', () => {
  /** Openings a trip by the day; a trip a quarter. */
  const doors = (days: number, perTrip: (day: number) => number, restart?: number) => {
    let [trips, cycles] = [50_000, 120_000]
    return quarters(days, ({ day, hour }) => {
      if (day === restart && hour === 12) [trips, cycles] = [0, 0]
      trips += 1
      cycles += perTrip(day)
      return { tripCount: trips, doorCycles: cycles }
    })
  }

  test('three times its own openings a trip, at the end of that day; over with a normal one; with what was normal', () => {
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
  test('twice its own, or a door that always opened so often: quiet', () => {
    expect(
      told(
        ['door-reopening'],
        doors(20, (day) => (day > 15 ? 4 : 2)),
      ),
    ).toEqual([])
    expect(
      told(
        ['door-reopening'],
        doors(20, () => 8),
      ),
    ).toEqual([])
  })
  test('counters that begin again at 0: quiet', () => {
    expect(
      told(
        ['door-reopening'],
        doors(20, () => 2, 16),
      ),
    ).toEqual([])
  })
  test('a door that is obstructed at one stop keeps its own reason', () => {
    const said = [...doors(2, () => 2), { device: 'lift1', at: '48h', values: { ...still, doorReopens: 5 } }]
    expect(run(['door-reopening'], said).findings.map(({ reason }) => reason.en)).toEqual([
      'Door reopened 5 times at one stop',
    ])
  })
})

describe('E10 ride quality', () => {
  /** Every fourth quarter on a ride; at rest it hardly shakes. */
  const rides = (days: number, rms: (when: Quarter) => number, carMode = 'normal') =>
    quarters(
      days,
      (when): FieldValues =>
        when.hour % 1 === 0.25
          ? { carMode, carSpeed: 1.6, vibrationRms: rms(when) + 0.05 * wobble(when) }
          : { carMode, vibrationRms: 0.12 },
    )

  test('three days running above its own weeks, whatever it is at rest', () => {
    const end = run(
      ['rough-ride'],
      rides(20, ({ day }) => (day >= 15 ? 1.5 : 1)),
    )
    expect(end.emitted()).toEqual([`began rough-ride@${18 * d + 0.25 * h + 7}`])
    expect(end.findings[0]?.reason.en).toMatch(
      /^Rough rides for 3 days: 1\.5\d* mm\/s, usually 1(\.0\d)? mm\/s/,
    )
  })
  test('two days, or a lift that always was so rough: quiet', () => {
    expect(
      told(
        ['rough-ride'],
        rides(20, ({ day }) => (day === 15 || day === 16 ? 1.5 : 1)),
      ),
    ).toEqual([])
    expect(
      told(
        ['rough-ride'],
        rides(20, () => 1.6),
      ),
    ).toEqual([])
  })
  test('a machine that shakes at rest, rides in inspection: quiet', () => {
    const shaking = rides(20, () => 1).map((said): StoryMessage => {
      const rest = said.values?.carSpeed === 0
      return rest ? { ...said, values: { ...said.values, vibrationRms: 5 } } : said
    })
    expect(told(['rough-ride'], shaking)).toEqual([])
    const inspected = [...rides(15, () => 1), ...rides(20, () => 3, 'inspection').slice(15 * 96)]
    expect(told(['rough-ride'], inspected)).toEqual([])
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
      values: { ...still, ...values },
    }))

  test('above 90 degrees for 2 min, over below 85', () => {
    const end = run(e11, [
      ...minutes({ motorTemperature: 91, machineRoomTemperature: 30 }, 0, 5),
      ...minutes({ motorTemperature: 88, machineRoomTemperature: 30 }, 6, 9),
      ...minutes({ motorTemperature: 84, machineRoomTemperature: 30 }, 10, 12),
    ])
    expect(end.emitted()).toEqual(['began lift-overheated@120', 'ended lift-overheated@600'])
    expect(end.findings[0]?.reason.en).toBe('Motor at 91 °C (limit 90 °C)')
  })
  test('a machine room above 40 degrees for 10 min', () => {
    const end = run(e11, minutes({ motorTemperature: 60, machineRoomTemperature: 41 }, 0, 12))
    expect(end.emitted()).toEqual(['began lift-overheated@600'])
    expect(end.findings[0]?.reason.en).toBe('Machine room at 41 °C (limit 40 °C)')
  })
  test('a day 20 K over its own weeks', () => {
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
  test('just at the limits, a heat wave, a short peak: quiet', () => {
    expect(told(e11, minutes({ motorTemperature: 90, machineRoomTemperature: 40 }, 0, 60))).toEqual([])
    expect(
      told(
        e11,
        warm(22, ({ day }) => (day >= 15 ? 56 : 45), 39),
      ),
    ).toEqual([])
    expect(
      told(e11, minutes({ motorTemperature: 93 }, 0, 0).concat(minutes({ motorTemperature: 80 }, 1, 9))),
    ).toEqual([])
  })
})

describe('E12 traffic', () => {
  const e12 = ['lift-unused', 'lift-traffic-odd']
  /** Trips in the quarter: three by day, none by night. */
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

  test('no trip in two hours that are usually busy; it holds what is only odd', () => {
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
  test('five times its trips in an hour is odd', () => {
    const busy = ({ day, hour }: Quarter) => day === 18 && hour >= 12 && hour < 15
    const end = run(
      e12,
      traffic(20, (when) => usual(when) * (busy(when) ? 6 : 1)),
    )
    expect(end.findings[0]).toMatchObject({ rule: 'lift-traffic-odd', change: 'began', severity: 'low' })
  })
  test('nights, a lift that is out of service or in inspection, one that is known for a week only: quiet', () => {
    expect(told(e12, traffic(22, usual))).toEqual([])
    for (const carMode of ['out-of-service', 'inspection']) {
      const out = (when: Quarter): FieldValues => (dead(when) ? { carMode } : {})
      const said = traffic(20, (when) => (dead(when) ? 0 : usual(when)), out)
      expect(told(e12, said)).toEqual([])
    }
    const early = ({ day, hour }: Quarter) => day === 8 && hour >= 8 && hour < 16
    expect(
      told(
        e12,
        traffic(10, (when) => (early(when) ? 0 : usual(when))),
      ),
    ).toEqual([])
  })
  test('a lift that is silent is not unused; a counter that begins again is no trips and no lack of them', () => {
    const silent = quarters(20, (when) =>
      dead(when)
        ? undefined
        : { tripCount: 70_000 + when.day * 42 + Math.min(14, Math.max(0, when.hour - 7)) * 3 },
    )
    expect(told(e12, silent)).toEqual([])
    let count = 70_000
    const restarted = quarters(20, (when) => {
      if (when.day === 18 && when.hour === 10) count = 0
      count += usual(when)
      return { tripCount: count }
    })
    expect(told(e12, restarted)).toEqual([])
  })
  test('a holiday like a Sunday: quiet', () => {
    // The story begins on a Sunday; weekends have a third of the trips.
    const isWeekend = (day: number) => day % 7 === 0 || day % 7 === 6
    const trips = (when: Quarter) => (isWeekend(when.day) || when.day === 25 ? usual(when) / 3 : usual(when))
    expect(told(e12, traffic(28, trips))).toEqual([])
  })
})
