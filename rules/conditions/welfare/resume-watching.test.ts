/** Any message shows that a sensor is alive again, whatever it is about, so the watch resumes. */
import { expect, test } from 'vitest'
import {
  at,
  compiled,
  device,
  directoryOf,
  ruleText,
  type StoryMessage,
  shipped,
  story,
} from '../../testing/community.ts'

const entrance = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
const hall = device('hall', 'motion', { home: 'h1' })

test('an event of the entrance sensor restarts counting', () => {
  const absence = { evidence: '!contact', for: '48h', alive: '25h' }
  const rules = compiled([ruleText({ applies: { types: ['door'], of: 'home' }, condition: { absence } })])
  const home = story(rules, directoryOf([entrance]))
  home.say({ device: 'front', at: '1m', values: { contact: false } }).tick('59h 59m', 50)
  // No alert while the sensor was dead; then it only reports tampering.
  home.say({ device: 'front', at: '60h', kind: 'event', values: { type: 'tamper' } }).tick('106h 59m', 50)
  home.say({ device: 'front', at: '107h', kind: 'status', values: { state: 'online' } })
  expect(home.emitted()).toEqual([])
  home.tick('109h', 50)
  expect(home.emitted()).toEqual([`began tested@${108 * 3600}`])
})

test('devices that went offline and came back do not blind the watch over a silent home', () => {
  const home = story(shipped('unusual-silence'), directoryOf([entrance, hall]))
  home.say(
    { device: 'front', at: '1m', values: { contact: true } },
    { device: 'hall', at: '2m', values: { occupancy: true } },
    { device: 'hall', at: '3m', values: { occupancy: false } },
  )
  home.tick('1h', 30)
  for (const state of ['offline', 'online'])
    for (const id of ['front', 'hall'])
      home.say({
        device: id,
        at: state === 'offline' ? '1h 1m' : '1h 2m',
        kind: 'status',
        values: { state },
      })
  home.tick('13h', 30)
  expect(home.emitted()).toEqual([`began unusual-silence@${12 * 3600 + 180}`])
})

const leaves: StoryMessage[] = [
  { device: 'front', at: '1h', values: { contact: false } },
  { device: 'front', at: '61m', values: { contact: true } },
]
/** After a gateway failure each sensor reports that it is online. */
const backOnline: StoryMessage[] = ['front', 'hall'].map((id) => ({
  device: id,
  at: '40h',
  kind: 'status',
  values: { state: 'online' },
}))

test('raises for a resident who left a home that then fell silent, once it reports again', () => {
  const home = story(shipped('not-back-home'), directoryOf([entrance, hall])).say(...leaves)
  home.tick('40h', 60).say(...backOnline)
  expect(home.emitted()).toEqual([])
  home.tick('43h', 60)
  expect(home.findings).toMatchObject([{ change: 'began', startedAt: at('61m') }])
})

test('does not raise for a resident who came back meanwhile and is seen again', () => {
  const home = story(shipped('not-back-home'), directoryOf([entrance, hall])).say(...leaves)
  home.tick('40h', 60).say(...backOnline)
  home.tick('40h 30m', 60).say({ device: 'hall', at: '40h 30m', values: { occupancy: true } })
  home.tick('60h', 60)
  expect(home.emitted()).toEqual([])
})
