/** Silence of a member counts from its first message, of whatever kind. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, story } from '../../testing/community.ts'

test('two lamps that only reported online, and then fell silent', () => {
  const rules = compiled([
    ruleText({
      applies: { types: ['streetlight'], of: 'circuit' },
      condition: {
        together: { when: "powerState == 'off'", silent: { for: '10m' }, count: 2, within: '5m' },
      },
    }),
  ])
  const directory = directoryOf(['l1', 'l2'].map((id) => device(id, 'streetlight', { circuit: 'c1' })))
  const lamps = story(rules, directory).tick('1m')
  for (const id of ['l1', 'l2'])
    lamps.say({ device: id, at: '2m', kind: 'status', values: { state: 'online' } })
  expect(lamps.tick('11m', 10).emitted()).toEqual([])
  expect(lamps.tick('20m', 10).emitted()).toEqual(['began tested@720'])
})
