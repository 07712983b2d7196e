/** A limit that depends on a fact applies from when a device reports that fact. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, story } from '../../testing/community.ts'

test('a shorter limit replaces the pending one', () => {
  const absence = {
    evidence: '!contact',
    for: '48h',
    limits: [{ when: "orElse(meta.room, '') == 'hall'", for: '24h' }],
  }
  const rules = compiled([ruleText({ applies: { types: ['door'], of: 'home' }, condition: { absence } })])
  const home = story(rules, directoryOf([device('front', 'door', { home: 'h1' })]))
  home.say(
    { device: 'front', at: '1h', values: { contact: false } },
    { device: 'front', at: '2h', kind: 'meta', values: { room: 'hall' } },
  )
  expect(home.tick('26h', 50).emitted()).toEqual([`began tested@${25 * 3600}`])
})
