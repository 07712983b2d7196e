import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFixedFormat } from './fixed-format-time.ts'

test('every moment up to the year 9999 is read as Date reads it, or left to the general form', () => {
  const moment = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  fc.assert(
    fc.property(moment, (date) => {
      const found = parseFixedFormat(date.toISOString())
      if (date.getUTCDate() <= 28) expect(found).toBe(date.getTime())
      else expect(found).toBeUndefined()
    }),
    { numRuns: 2000 },
  )
})

test('of a text with one letter changed, nothing is read but what Date reads', () => {
  const change = fc.tuple(fc.nat({ max: 23 }), fc.constantFrom(...'0123456789-:TZ.+, \u0660é'))
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
      change,
      (date, [at, letter]) => {
        const iso = date.toISOString()
        const text = iso.slice(0, at) + letter + iso.slice(at + 1)
        const found = parseFixedFormat(text)
        if (found !== undefined) expect(new Date(found).toISOString()).toBe(text)
      },
    ),
    { numRuns: 5000 },
  )
})

test.each([
  '',
  '2026-03-01T08:15:30Z',
  '2026-03-01T24:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
])('leaves %s to the general form', (text) => {
  expect(parseFixedFormat(text)).toBeUndefined()
})
