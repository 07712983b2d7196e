import { expect, test } from 'vitest'
import { manualClock } from './clock.ts'
import { silentLogger } from './ports/logger.ts'
import { rateLimitedLog } from './rate-limited-log.ts'

test('one line for each key and span; the next one counts those left out', () => {
  const lines: unknown[] = []
  const clock = manualClock(1000)
  const log = rateLimitedLog({ ...silentLogger, warn: (fields) => lines.push(fields) }, clock, 60_000)
  log.warn('a', { n: 1 }, 'x')
  log.warn('a', { n: 2 }, 'x')
  log.warn('b', { n: 3 }, 'x')
  log.warn('a', { n: 4 }, 'x')
  clock.advance(60_000)
  log.warn('a', { n: 5 }, 'x')
  expect(lines).toEqual([{ n: 1 }, { n: 3 }, { n: 5, leftOut: 2 }])
})

test('a clock that moves back does not silence the log', () => {
  const lines: unknown[] = []
  const clock = manualClock(1_000_000)
  const log = rateLimitedLog({ ...silentLogger, warn: (fields) => lines.push(fields) }, clock)
  log.warn('a', {}, 'x')
  clock.set(0)
  log.warn('a', {}, 'x')
  expect(lines).toHaveLength(2)
})
