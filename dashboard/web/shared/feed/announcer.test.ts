import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { severities } from '../../../../model/severity.ts'
import { ANNOUNCE_EVERY_MS, addArrivals, quietAnnouncer, speak } from './announcer.ts'

const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 4_000 }),
    came: fc.array(fc.constantFrom(...severities), { maxLength: 5 }),
  }),
  { maxLength: 60 },
)

describe('announcer', () => {
  test('never speaks twice within 5 s, and in the end has said everything', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let announcer = quietAnnouncer
        let now = 0
        const spoken: { at: number; count: number; critical: number }[] = []
        const look = (): void => {
          const { said, announcer: next } = speak(announcer, now)
          announcer = next
          if (said) spoken.push({ at: now, ...said })
        }
        for (const { wait, came } of sequence) {
          now += wait
          announcer = addArrivals(announcer, came)
          look()
        }
        now += ANNOUNCE_EVERY_MS
        look()
        for (const [index, one] of spoken.entries()) {
          if (index > 0)
            expect(one.at - (spoken[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(ANNOUNCE_EVERY_MS)
        }
        const all = sequence.flatMap((step) => step.came)
        const sum = (key: 'count' | 'critical') => spoken.reduce((total, one) => total + one[key], 0)
        expect(sum('count')).toBe(all.length)
        expect(sum('critical')).toBe(all.filter((severity) => severity === 'critical').length)
      }),
    )
  })

  test('the first one is said at once', () => {
    expect(speak(addArrivals(quietAnnouncer, ['low']), 0).said).toEqual({ count: 1, critical: 0 })
  })
})
