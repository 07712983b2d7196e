import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import type { Subject } from '../subject.ts'
import { type BehaviourOverride, HOUR } from './behaviour.ts'
import { nextPlaceChange, placeAt, routineOf } from './daily-routine.ts'
import { isAbsent, nextChange, residentLocation, routineToday } from './resident-location.ts'

const subject: Subject = {
  id: 'motion-1',
  type: 'motion',
  site: 'garden',
  home: 'home-1',
  circuit: null,
  gateway: null,
  latitude: 31,
  longitude: 121,
  timeZone: 'Asia/Shanghai',
  absences: [{ from: 1000, to: 2000 }],
  meta: {},
}
const day = 20_000
const contextAt = (hour: number, ...overrides: BehaviourOverride[]) => ({
  now: (day * 24 + hour) * HOUR,
  local: { day, hour },
  random: createRandom('x'),
  overrides: new Set(overrides),
})
const locate = (hour: number, ...overrides: BehaviourOverride[]) => {
  const context = contextAt(hour, ...overrides)
  return residentLocation(routineToday(undefined, subject, context), subject, context)
}
const routine = routineOf('home-1', day)
const hoursOf = (place: string) =>
  Array.from({ length: 480 }, (_, n) => n / 20).filter((hour) => placeAt(routine, hour) === place)

describe('routineOf', () => {
  test('any day: whole day covered in order, in bed at midnight, two or three outings by day', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40_000), (home, someDay) => {
        const { segments, outings, wake, sleep } = routineOf(home, someDay)
        expect(segments[0]).toEqual({ from: 0, place: 'bed' })
        for (const [index, { from, place }] of segments.entries()) {
          expect(from).toBeGreaterThanOrEqual(segments[index - 1]?.from ?? 0)
          expect(place).not.toBe(segments[index - 1]?.place)
        }
        expect([2, 3]).toContain(outings.length)
        for (const { leave, back } of outings) expect(wake < leave && leave < back && back < sleep).toBe(true)
        expect(routineOf(home, someDay)).toEqual(routineOf(home, someDay))
      }),
      { numRuns: 60 },
    )
  })

  test('the place is constant until nextPlaceChange', () => {
    for (let hour = 0; hour < 24; hour += 0.25) {
      const until = nextPlaceChange(routine, hour)
      expect(until).toBeGreaterThan(hour)
      expect(placeAt(routine, (hour + until) / 2)).toBe(placeAt(routine, hour))
    }
  })
})

describe('residentLocation', () => {
  test('follows the routine without overrides', () => {
    for (const hour of [3, 8, 12, 20, 23.5]) expect(locate(hour)).toBe(placeAt(routine, hour))
  })

  test.each<[BehaviourOverride, string]>([
    ['away', 'out'],
    ['motionless', 'unseen'],
    ['in-bathroom', 'bathroom'],
    ['sleepless', 'room'],
  ])('%s: always %s', (override, place) => {
    for (let hour = 0; hour < 24; hour += 0.5) expect(locate(hour, override)).toBe(place)
  })

  test('in-bed-late: in bed until an hour after waking, never out', () => {
    expect(locate(routine.wake + 0.9, 'in-bed-late')).toBe('bed')
    for (const hour of hoursOf('out').filter((one) => one > routine.wake + 1))
      expect(locate(hour, 'in-bed-late')).toBe('room')
  })

  test('indoors replaces outings only, unwell all but bed and bathroom, listless the later meals', () => {
    for (const hour of hoursOf('out')) expect(locate(hour, 'indoors')).toBe('room')
    for (const hour of hoursOf('kitchen')) {
      expect(locate(hour, 'indoors')).toBe('kitchen')
      expect(locate(hour, 'unwell')).toBe('room')
      expect(locate(hour, 'listless')).toBe(hour > 13 ? 'room' : 'kitchen')
    }
    for (const hour of hoursOf('bathroom')) expect(locate(hour, 'unwell')).toBe('bathroom')
  })

  test('a planned absence wins over every override and its edges are changes', () => {
    const during = { ...contextAt(3, 'in-bathroom'), now: 1500 }
    expect(residentLocation(routineToday(undefined, subject, during), subject, during)).toBe('out')
    expect([999, 1000, 1999, 2000].map((now) => isAbsent(subject, now))).toEqual([false, true, true, false])
    expect(nextChange(routineToday(undefined, subject, during), subject, during)).toBe(2000)
  })
})

test('the routine object is reused within a day and replaced on the next', () => {
  const today = routineToday(undefined, subject, contextAt(3))
  expect(routineToday(today, subject, contextAt(20))).toBe(today)
  const tomorrow = { ...contextAt(3), local: { day: day + 1, hour: 3 } }
  expect(routineToday(today, subject, tomorrow)).not.toBe(today)
})
