/** Devices that are removed from a group must not keep its alert open for ever. */
import { expect, test } from 'vitest'
import { createEngine } from '../../engine/engine.ts'
import { at, compiled, device, directoryOf, ruleText, type Story, story } from '../../testing/community.ts'

const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => device(id, 'streetlight', { circuit: 'c1' }))
const remaining = six.slice(3)
const burns = { powerState: 'on' }

/** The remaining devices report every 3 min. */
function keepReporting(group: Story, from: number, until: number): void {
  for (let minute = from; minute < until; minute += 3) {
    for (const { id } of remaining) group.say({ device: id, at: `${minute}m`, values: burns })
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

test('an outage ends when the others are back, although removed devices never come back', () => {
  const { directory, group } = cut()
  directory.set(remaining)
  group.tick('2m', 10)
  keepReporting(group, 3, 20)
  expect(group.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})

test('an outage ends when all offline devices are removed', () => {
  const { directory, group } = cut()
  group.say({ device: 'd', at: '90s', values: burns })
  directory.set(remaining)
  group.tick('2m', 10)
  expect(group.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})

test('also when they were removed while the hub was down', () => {
  const { directory, group } = cut()
  directory.set(remaining)
  const after = createEngine({ rules: outage, directory })
  after.restore(
    new Map([...group.engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))),
  )
  const findings = after.apply({ kind: 'tick', receivedAt: at('2m'), seq: 100 })
  expect(findings.map(({ change }) => change)).toEqual(['ended'])
})

test('the hub clock alert ends when the devices with wrong clocks are removed', () => {
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
  directory.set(remaining)
  site.tick('5m', 10)
  expect(site.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
})
