/** What was told because of a silence is not taken back by what comes from before it. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, story } from '../testing/community.ts'

test('an old buffered message does not restart the wait for a published silence', () => {
  const rules = compiled([
    ruleText({
      applies: { types: ['door', 'motion'], of: 'home' },
      condition: {
        absence: {
          watch: "orElse(meta.role, '') == 'entrance'",
          evidence: 'changed(contact)',
          for: '12m',
          unless: { activity: "event == 'sos'", within: '4m' },
        },
      },
    }),
  ])
  const directory = directoryOf([
    device('front', 'door', { home: 'h1', meta: { role: 'entrance' } }),
    device('hall', 'motion', { home: 'h1' }),
  ])
  const sos = { device: 'hall', kind: 'event', values: { type: 'sos' } } as const
  const end = story(rules, directory)
    .tick('11m 50s', 10)
    .say({ ...sos, at: '7m', receivedAt: '11m 59s', seq: 1 })
    // It comes again, more than 5 min late: the gateway sends what it kept.
    .say({ ...sos, at: '7m', receivedAt: '12m 11s', seq: 1 })
    .say({ device: 'hall', at: '11m 45s', receivedAt: '12m 12s', values: { batteryLevel: 0.5 }, seq: 2 })
  expect(end.emitted()).toEqual(['began tested@730'])
  end.say({ ...sos, at: '12m 31s', seq: 3 })
  expect(end.emitted()).toEqual(['began tested@730', 'ended tested@751'])
})
