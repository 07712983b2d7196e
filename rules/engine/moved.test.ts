/** A device that is somewhere else, or another one, from now on: under other thresholds nothing is missed and nothing taken back. */
import { describe, expect, test } from 'vitest'
import type { Journaled } from '../../model/entry.ts'
import { compiled, device, directoryOf, entryOf, ruleText, shipped, story } from '../testing/community.ts'
import { createEngine } from './engine.ts'

const rules = compiled([
  ruleText({
    parameters: { limit: 60 },
    condition: { predicate: { when: 'temperature > limit' } },
    overrides: [{ grids: ['east'], parameters: { limit: 40 } }],
  }),
])
const rowsOf = (engine: { snapshot(): Map<string, string | null> }) =>
  new Map([...engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]])))

const inGrid = (grid: string) => device('b1', 'bin', { grid })

test('an unchanged value is evaluated again with the threshold of the new grid', () => {
  const directory = directoryOf([inGrid('west')])
  const warm = (at: string) => ({ device: 'b1', at, values: { temperature: 50 } })
  const moving = story(rules, directory).say(warm('1m'), warm('1m 30s'))
  directory.set([inGrid('east')])
  moving.tick('1m 40s').say(warm('2m'), warm('2m 30s'))
  expect(moving.emitted()).toEqual(['began tested@120'])
})

test('moved while the hub was down: late data retracts nothing raised by the former threshold', () => {
  const directory = directoryOf([inGrid('east')])
  const heard = (minute: number, temperature: number, late = 0): Journaled => ({
    ...entryOf(
      { device: 'b1', at: `${minute}m`, receivedAt: `${minute + late}m`, values: { temperature } },
      directory,
    ),
    seq: minute + late,
  })
  const before = createEngine({ rules, directory })
  const told = [heard(1, 50), heard(3, 30)].flatMap((entry) => before.apply(entry))
  expect(told.map(({ change }) => change)).toEqual(['began', 'ended'])
  directory.set([inGrid('west')])
  const after = createEngine({ rules, directory })
  after.restore(rowsOf(before))
  expect(after.apply(heard(2, 30, 2))).toEqual([])
})

describe('a device of another type under the id of a former one has none of its values', () => {
  const both = compiled([
    ruleText({ condition: { predicate: { when: 'temperature > 90.0' } } }),
    {
      ...ruleText({
        id: 'other',
        applies: { types: ['elevator'] },
        condition: { predicate: { when: 'motorTemperature > 30.0 && carDoorZone' } },
      }),
      source: 'other.yaml',
    },
  ])
  const warm = { device: 'x', at: '1m', values: { temperature: 50 } }
  const inZone = { device: 'x', at: '1m 20s', values: { carDoorZone: true } }

  test('while the hub runs', () => {
    const directory = directoryOf([device('x', 'bin')])
    const one = story(both, directory).say(warm)
    directory.set([device('x', 'elevator')])
    expect(one.tick('1m 10s').say(inZone).emitted()).toEqual([])
  })
  test('while it is down', () => {
    const directory = directoryOf([device('x', 'bin')])
    const before = story(both, directory).say(warm)
    directory.set([device('x', 'elevator')])
    const after = createEngine({ rules: both, directory })
    after.restore(rowsOf(before.engine))
    expect(after.apply({ ...entryOf(inZone, directory), seq: 2 })).toEqual([])
  })
})

test('the only device of a home is replaced by another of its kind, which watches the home from then on', () => {
  const door = (id: string) => device(id, 'door', { home: 'h1', meta: { role: 'entrance' } })
  const directory = directoryOf([door('old')])
  const opens = (id: string, hour: number) => [
    { device: id, at: `${hour}h`, values: { contact: false } },
    { device: id, at: `${hour}h 1s`, values: { contact: true } },
  ]
  const home = story(shipped('no-entrance-opening'), directory)
    .tick('1m')
    .say(...opens('old', 1))
  directory.set([door('new')])
  home.tick('1h 1m').say(...opens('new', 40))
  for (let hour = 44; hour < 90; hour += 4)
    home.say({ device: 'new', at: `${hour}h`, values: { batteryLevel: 0.9 } }).tick(`${hour + 1}h`, 50)
  expect(home.emitted()).toEqual([`began no-entrance-opening@${88 * 3600 + 1}`])
})
