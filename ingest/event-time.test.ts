import { describe, expect, test } from 'vitest'
import { eventTime, parseTime } from './event-time.ts'

const at = (text: string): number => Date.parse(text)
const now = at('2026-03-01T12:00:00Z')

describe('parseTime', () => {
  test.each([
    ['2026-03-01T08:15:30Z', '2026-03-01T08:15:30.000Z'],
    ['2026-03-01T08:15:30.5Z', '2026-03-01T08:15:30.500Z'],
    ['2026-03-01T08:15:30,25Z', '2026-03-01T08:15:30.250Z'],
    ['2026-03-01T08:15:30.123456789Z', '2026-03-01T08:15:30.123Z'],
    ['2026-03-01T16:15:30+08:00', '2026-03-01T08:15:30.000Z'],
    ['2026-03-01T16:15:30+0800', '2026-03-01T08:15:30.000Z'],
    ['2026-03-01T08:15Z', '2026-03-01T08:15:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:07Z', '1970-01-01T00:00:07.000Z'],
    ['2106-02-07T06:28:15Z', '2106-02-07T06:28:15.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseTime(text)).toBe(at(iso))
  })

  test.each([
    ['no offset, it would be the hub\u2019s zone', '2026-03-01T08:15:30'],
    ['a date only', '2026-03-01'],
    ['words', 'March 1, 2026'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['a year of six digits', '+020260-01-01T00:00:00Z'],
    ['beyond 64 bits of nanoseconds', '9999-01-01T00:00:00Z'],
    ['something before it', ' 2026-03-01T08:15:30Z'],
    ['empty', ''],
    ['a number of milliseconds', 1772352930000],
    ['null', null],
    ['a list', ['2026-03-01T08:15:30Z']],
  ])('does not read %s', (_, value) => {
    expect(parseTime(value)).toBeUndefined()
  })
})

describe('eventTime', () => {
  test.each([
    ['now', '2026-03-01T12:00:00Z', 'live'],
    ['2 min ahead', '2026-03-01T12:02:00Z', 'live'],
    ['24 h old', '2026-02-28T12:00:00Z', 'live'],
    ['1 ms more', '2026-02-28T11:59:59.999Z', 'late'],
    ['the first moment of 2000', '2000-01-01T00:00:00Z', 'late'],
  ])('%s keeps its time: %s is %s', (_, text, quality) => {
    expect(eventTime(parseTime(text), now)).toEqual({ ts: at(text), quality })
  })

  test.each([
    ['1970', '1970-01-01T00:05:00Z', 'unset'],
    ['1999', '1999-12-31T23:59:59.999Z', 'unset'],
    ['1 ms more than 2 min ahead', '2026-03-01T12:02:00.001Z', 'future'],
    ['2106', '2106-02-07T06:28:15Z', 'future'],
  ])('%s: the hub\u2019s time, and what the device claims is kept', (_, text, quality) => {
    expect(eventTime(at(text), now)).toEqual({ ts: now, quality, claimedTs: at(text) })
  })

  test('no time at all: the hub\u2019s', () => {
    expect(eventTime(undefined, now)).toEqual({ ts: now, quality: 'unset' })
  })
})
