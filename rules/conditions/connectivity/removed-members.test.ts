/** Devices that are taken out of a group must not hold an alert about it for ever. */
import { expect, test } from 'vitest'
import { createEngine } from '../../engine/engine.ts'
import { at, compiled, device, directoryOf, ruleText, type Story, story } from '../../testing/community.ts'

const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => device(id, 'streetlight', { circuit: 'c1' }))
const left = six.slice(3)
const burns = { powerState: 'on' }

/** Those that are left talk every 3 min. */
function goOn(group: Story, from: number, until: number): void {
  for (let minute = from; minute < until; minute += 3) {
    for (const { id } of left) group.say({ device: id, at: `${minute}m`, values: burns })
    group.tick(`${minute + 1}m`, 10)
  }
}

const outage = compiled([
  ruleText({
    applies: { types: ['streetlight'], of: 'circuit' },
    condition: { outage: { share: 0.5, count: 3, within: '5m', mains: '10m', battery: '25h' } },
  }),
])

function cut() {
  const directory = directoryOf(six)
  const group = story(outage, directory)
  for (const { id } of six) group.say({ device: id, at: '1s', values: burns })
  for (const id of ['a', 'b', 'c', 'd'])
    group.say({ device: id, at: '1m', kind: 'status', values: { state: 'offline' } })
  expect(group.emitted()).toEqual(['began tested@60'])
  return { directory, group }
}

test('an outage ends when the others are back, although those taken out never come back', () => {
  const { directory, group } = cut()
  directory.set(left)
  group.tick('2m', 10)
  goOn(group, 3, 20)
  expect(group.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})

test('an outage ends when all that were out are taken out', () => {
  const { directory, group } = cut()
  group.say({ device: 'd', at: '90s', values: burns })
  directory.set(left)
  group.tick('2m', 10)
  expect(group.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})

test('also when they were taken out while the hub was down', () => {
  const { directory, group } = cut()
  directory.set(left)
  const after = createEngine({ rules: outage, directory })
  after.restore(
    new Map([...group.engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))),
  )
  const told = after.apply({ kind: 'tick', receivedAt: at('2m'), seq: 100 })
  expect(told.map(({ change }) => change)).toEqual(['ended'])
})

test('the clock of the hub is not thought wrong because of devices that were taken out', () => {
  const rules = compiled([
    ruleText({
      applies: { types: ['streetlight'], of: 'site' },
      condition: { clocks: { times: 2, for: '1m', count: 2, share: 0.3 } },
    }),
  ])
  const directory = directoryOf(six)
  const site = story(rules, directory)
  for (const minute of [1, 2, 3])
    for (const id of ['a', 'b', 'c'])
      site.say({ device: id, at: `${minute}m`, quality: 'future', values: burns })
  expect(site.findings.map(({ change }) => change)).toEqual(['began'])
  directory.set(left)
  site.tick('5m', 10)
  expect(site.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})
