/** A `for` that fell due while the hub was deaf: nobody heard what lay between, so it waits for what was kept. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../../testing/community.ts'

const bins = directoryOf([device('b1', 'bin')])
const hot = (more: object = {}, rule: object = {}) =>
  compiled([
    ruleText({ condition: { predicate: { when: 'temperature > 60.0', for: '3m', ...more } }, ...rule }),
  ])
const says = (at: string, temperature: number, receivedAt: string = at): StoryMessage => ({
  device: 'b1',
  at,
  receivedAt,
  values: { temperature },
})
/** Hot at 10:00, and the hub is deaf from 10 s later on until 30:00. */
const deaf = (rules = hot()) => story(rules, bins).say(says('10m', 61)).tick('10m 10s')

test('a later reading shows the contrary: not raised', () => {
  expect(deaf().say(says('30m', 20)).tick('40m').emitted()).toEqual([])
})

test('a later reading shows the same: raised with its own time once the backlog could have arrived', () => {
  const end = deaf().say(says('30m', 61), says('31m', 61)).tick('34m 59s')
  expect(end.emitted()).toEqual([])
  expect(end.tick('35m').emitted()).toEqual(['began tested@780'])
  expect(end.findings[0]?.lateBy).toBe(22 * 60_000)
})

test('buffered readings show that it did not last: not raised', () => {
  const end = deaf(hot({ for: '18m' })).say(says('30m', 61), says('27m', 20, '30m 1s'))
  expect(end.tick('40m').emitted()).toEqual([])
})

test('buffered readings show that it lasted: raised at once', () => {
  const end = deaf().say(says('12m', 61, '30m'), says('14m', 61, '30m 1s'), says('30m', 20, '30m 2s'))
  expect(end.emitted()).toEqual(['began tested@780', 'ended tested@1800'])
})

test('a critical one does not wait', () => {
  const end = deaf(hot({}, { severity: 'critical' })).say(says('30m', 61))
  expect(end.emitted()).toEqual(['began tested@780'])
})

test('as part of another condition it waits likewise', () => {
  const predicate = { when: 'temperature > 60.0', for: '3m' }
  const both = compiled([
    ruleText({ condition: { all: { of: [{ predicate }, { predicate: { when: 'temperature > 0.0' } }] } } }),
  ])
  expect(deaf(both).say(says('30m', 20)).tick('40m').emitted()).toEqual([])
})

test('timers due before or after the outage do not wait', () => {
  const before = story(hot(), bins).say(says('10m', 61)).tick('13m 5s').say(says('30m', 20))
  expect(before.emitted()).toEqual(['began tested@780', 'ended tested@1800'])
  const after = deaf().say(says('30m', 20), says('31m', 61)).tick('34m 29s').say(says('34m 30s', 61))
  expect(after.emitted()).toEqual(['began tested@2040'])
})

test('waiting for a backlog that does not arrive ends with the next reading', () => {
  const sequence = { first: 'temperature > 60.0', unless: 'temperature < 30.0', within: '3m' }
  const end = deaf(compiled([ruleText({ condition: { sequence } })])).say(says('30m', 61))
  expect(end.emitted()).toEqual(['began tested@780'])
})

test('a stay in one room during an outage waits for activity elsewhere', () => {
  const room = (id: string, where: string) => device(id, 'motion', { home: 'h1', meta: { room: where } })
  const home = directoryOf([room('bath', 'bathroom'), room('hall', 'hall')])
  const stay = {
    room: "meta.room == 'bathroom'",
    here: 'occupancy',
    occupied: 'occupancy',
    elsewhere: 'occupancy',
    for: '15m',
    pause: '2h',
  }
  const rules = compiled([ruleText({ applies: { types: ['motion'], of: 'home' }, condition: { stay } })])
  const sign = (who: string, at: string, receivedAt: string = at): StoryMessage => ({
    device: who,
    at,
    receivedAt,
    values: { occupancy: true },
  })
  const start = () => story(rules, home).say(sign('bath', '10m')).tick('10m 10s')
  expect(start().say(sign('hall', '30m')).tick('40m').emitted()).toEqual([])
  expect(start().say(sign('bath', '30m')).tick('36m').emitted()).toEqual(['began tested@1500'])
})
