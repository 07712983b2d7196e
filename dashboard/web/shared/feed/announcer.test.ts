import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { severities } from '../../../../model/severity.ts'
import { ANNOUNCE_EVERY_MS, addNewAlerts, announce, idleAnnouncer } from './announcer.ts'

const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 4_000 }),
    added: fc.array(fc.constantFrom(...severities), { maxLength: 5 }),
  }),
  { maxLength: 60 },
)

describe('announcer', () => {
  test('announces at most once in 5 s, and everything in the end', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let announcer = idleAnnouncer
        let now = 0
        const announced: { at: number; count: number; critical: number }[] = []
        const poll = (): void => {
          const { announcement, announcer: next } = announce(announcer, now)
          announcer = next
          if (announcement) announced.push({ at: now, ...announcement })
        }
        for (const { wait, added } of sequence) {
          now += wait
          announcer = addNewAlerts(announcer, added)
          poll()
        }
        now += ANNOUNCE_EVERY_MS
        poll()
        for (const [index, one] of announced.entries()) {
          if (index > 0)
            expect(one.at - (announced[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(ANNOUNCE_EVERY_MS)
        }
        const all = sequence.flatMap((step) => step.added)
        const sum = (key: 'count' | 'critical') => announced.reduce((total, one) => total + one[key], 0)
        expect(sum('count')).toBe(all.length)
        expect(sum('critical')).toBe(all.filter((severity) => severity === 'critical').length)
      }),
    )
  })

  test('announces the first alert at once', () => {
    expect(announce(addNewAlerts(idleAnnouncer, ['low']), 0).announcement).toEqual({ count: 1, critical: 0 })
  })
})
