import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteName, quoteText, time, timeWithin } from './influxql.ts'

test('names and texts stay inside their quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quoteName(text)).toMatch(/^"(?:[^"\\\n]|\\["\\n])*"$/)
      expect(quoteText(text)).toMatch(/^'(?:[^'\\\n]|\\['\\n])*'$/)
    }),
  )
  expect(quoteText(`a' OR 'b'='b`)).toBe(`'a\\' OR \\'b\\'=\\'b'`)
})

test('times are clamped to the range of InfluxDB', () => {
  expect(timeWithin(0, 1.5)).toBe('time >= 0ms AND time < 2ms')
  expect(time(Number.NEGATIVE_INFINITY)).toBe('-9223372036853ms')
  expect(time(1e300)).toBe('9223372036853ms')
})
