/** A sensor that says anything at all is alive again: nobody is left unwatched because what it says is about something else. */
import { expect, test } from 'vitest'
import { device, directoryOf, type Said, shipped, story } from '../testing/community.ts'

const entrance = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
const hall = device('hall', 'motion', { home: 'h1' })

test('an event of the entrance sensor begins the count again', () => {
  const home = story(shipped('no-entrance-opening'), directoryOf([entrance]))
  home.say({ device: 'front', at: '1m', values: { contact: false } }).tick('59h 59m', 50)
  // Nothing was raised while the sensor was dead; now it says that it was opened up, and nothing else.
  home.say({ device: 'front', at: '60h', kind: 'event', values: { type: 'tamper' } })
  home.tick('80h', 50)
  const heard: Said = { device: 'front', at: '107h', kind: 'status', values: { state: 'online' } }
  home.tick('106h 59m', 50).say(heard)
  expect(home.told()).toEqual([])
  home.tick('109h', 50)
  expect(home.told()).toEqual([`began no-entrance-opening@${108 * 3600}`])
})

test('a line that was cut and is there again does not blind the watch over a silent home', () => {
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
  expect(home.told()).toEqual([`began unusual-silence@${12 * 3600 + 180}`])
})
