/** What `/readyz` says: devices must be acknowledged and judged; a history that waits is told, no more. */
import { expect, test } from 'vitest'
import { clockProblem, readiness } from './health.ts'

const well = { journal: undefined, clock: undefined, history: { state: 'ok', reason: null } } as const

test('ready, and why not', () => {
  expect(readiness(well)).toEqual({ ready: true, reasons: [] })
  expect(readiness({ ...well, journal: 'disk full' })).toEqual({
    ready: false,
    reasons: ['journal: disk full'],
  })
  expect(readiness({ ...well, clock: 'behind' })).toEqual({ ready: false, reasons: ['behind'] })
})

test('a history that waits holds nobody up', () => {
  const waits = { ...well, history: { state: 'waiting', reason: 'InfluxDB is down' } }
  expect(readiness(waits)).toEqual({ ready: true, reasons: ['history waits: InfluxDB is down'] })
})

test('a clock that steps back by a minute is an ordinary correction', () => {
  expect(clockProblem(60_000)).toBeUndefined()
  expect(clockProblem(300_000)).toContain('5 minutes behind')
  expect(clockProblem(2 * 86_400_000)).toContain('2 days behind')
})
