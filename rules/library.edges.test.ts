/** The shipped rules where they could mislead or miss a person: odd words, flicker, gaps, half-dead sensors, changed places. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../model/device-type.ts'
import { device, directoryOf, type Said, shipped, story } from './testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator')])
const stuck: FieldValues = {
  carMode: 'normal',
  carDriveStatus: 'stationary',
  carDoorZone: false,
  carDoorStatus: 'closed',
  passengerPresence: true,
}
const liftSays = (at: string, values: FieldValues = {}, more: Partial<Said> = {}): Said => ({
  device: 'lift1',
  at,
  values: { ...stuck, ...values },
  ...more,
})

describe('E1 entrapment', () => {
  const tell = () => story(shipped('entrapment-between-floors'), lift)
  const moving = { carDriveStatus: 'rated-speed' }

  test('a door that is closed and locked is closed', () => {
    const told = tell()
      .say(liftSays('10s', { carDoorStatus: 'safety-locked' }))
      .tick('2m')
      .told()
    expect(told).toEqual(['began entrapment-between-floors@55'])
  })
  test.each(['unknown', 'door-fault', 'safety-locked'])('a door that says %s lets nobody out', (word) => {
    const nobody = { passengerPresence: false }
    const told = tell()
      .say(liftSays('0s', moving), liftSays('12s', moving))
      .say(liftSays('20s', { ...nobody, ...moving, carDoorStatus: word }), liftSays('30s', nobody))
      .tick('3m')
      .told()
    expect(told).toEqual(['began entrapment-between-floors@75'])
  })
  test('who left through the open door is not inside any more', () => {
    const nobody = { passengerPresence: false }
    const open = { carDoorZone: true, carDoorStatus: 'opened' }
    const told = tell()
      .say(liftSays('0s', moving), liftSays('12s', moving), liftSays('20s', { ...open, ...nobody }))
      .say(liftSays('30s', nobody))
      .tick('3m')
      .told()
    expect(told).toEqual([])
  })
  test('the door zone that flickers neither raises nor clears', () => {
    const zone = (index: number) => ({ carDoorZone: index % 2 === 0 })
    const said = Array.from({ length: 20 }, (_, index) => liftSays(`${10 + index * 5}s`, zone(index)))
    expect(
      tell()
        .say(...said)
        .told(),
    ).toEqual([])
    const raised = tell()
      .say(liftSays('10s'))
      .tick('60s')
      .say(...[70, 75, 80].map((second, index) => liftSays(`${second}s`, zone(index))))
    expect(raised.tick('10m').told()).toEqual(['began entrapment-between-floors@55'])
  })
  test('inspection in the middle of the 45 s begins them anew, after them it ends nothing', () => {
    const inspection = { carMode: 'inspection' }
    const before = tell().say(liftSays('10s'), liftSays('40s', inspection), liftSays('50s'))
    expect(before.tick('3m').told()).toEqual(['began entrapment-between-floors@95'])
    const after = tell().say(liftSays('10s')).tick('60s').say(liftSays('70s', inspection))
    expect(after.tick('3m').told()).toEqual(['began entrapment-between-floors@55'])
  })
  test('a lift that says nothing more, not even that it is gone', () => {
    const told = tell()
      .say(liftSays('10s'), { device: 'lift1', at: '20s', kind: 'status', values: { state: 'offline' } })
      .tick('2h', 30)
      .told()
    expect(told).toEqual(['began entrapment-between-floors@55'])
  })
})
