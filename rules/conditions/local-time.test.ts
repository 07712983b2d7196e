import { describe, expect, test } from 'vitest'
import { createLocation } from '../expression/location.ts'
import { emptyScope } from '../expression/scope.ts'
import type { Subject } from './condition.ts'
import { dayMs, hourMs, hourOfDay, isWeekend, localText, localTime, offsetOf } from './local-time.ts'

const scope = {
  ...emptyScope(),
  location: createLocation({ timeZone: 'Asia/Kathmandu', latitude: 27, longitude: 85 }),
}
const subject = { scope: () => scope } as unknown as Subject
const at = Date.UTC(2026, 2, 1, 20, 30)

describe('local time', () => {
  test('in the zone of the site', () => {
    expect(localTime(scope, at)).toEqual({ day: Date.UTC(2026, 2, 2) / dayMs, ofDay: 2.25 * hourMs })
    expect(offsetOf(subject, at)).toBe(5.75 * hourMs)
    expect(localText(subject, at)).toBe('03-02 02:15')
  })
  test('UTC without a location', () => {
    expect(localTime(emptyScope(), at)).toEqual({ day: Date.UTC(2026, 2, 1) / dayMs, ofDay: 20.5 * hourMs })
    expect(offsetOf({ scope: () => emptyScope() } as unknown as Subject, at)).toBe(0)
  })
  test('hour of the day', () => {
    expect([0, 59 * 60_000, 23.9 * hourMs, at].map(hourOfDay)).toEqual([0, 0, 23, 20])
  })
  test.each([
    [2026, 1, 6, false],
    [2026, 1, 7, true],
    [2026, 1, 8, true],
    [2026, 1, 9, false],
    [1969, 11, 28, true],
  ])('%d-%d-%d is on a weekend: %s', (year, month, day, wanted) => {
    expect(isWeekend(Date.UTC(year, month, day) / dayMs)).toBe(wanted)
  })
})
