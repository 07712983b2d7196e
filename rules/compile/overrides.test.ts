/** Overrides: which apply where, that they change only thresholds, and which are refused. */
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../model/errors.ts'
import type { Device } from '../../model/ports/directory.ts'
import { createEngine } from '../engine/create-engine.ts'
import {
  compiled,
  device,
  directoryOf,
  midnight,
  ruleText,
  type StoryMessage,
  story,
} from '../testing/community.ts'
import { compileRules } from './compile-rules.ts'
import { unknownIds } from './overrides.ts'

const base = {
  parameters: { limit: 60, wait: '5m' },
  condition: { predicate: { when: 'temperature > limit', for: '$wait', maxAge: '1h' } },
  reason: { zh: '高于 {limit}', en: 'above {limit}' },
}
const withOverrides = (...overrides: readonly unknown[]) => ruleText({ ...base, overrides })

/** Findings of one bin at this temperature: `severity reason@minute`. */
function findingsOf(
  source: ReturnType<typeof ruleText>,
  more: Partial<Device>,
  temperature: number,
): string[] {
  const one = device('b1', 'bin', { grid: 'east', building: 'b7', gateway: 'gw', ...more })
  const end = story(compiled([source]), directoryOf([one, device('b2', 'bin')]))
    .say({ device: 'b1', at: '1m', values: { temperature } })
    .tick('30m', 30)
  expect(end.engine.stats().failures).toEqual([])
  return end.findings.map(
    ({ severity, reason, at }) => `${severity} ${reason.en}@${(at - midnight) / 60_000}`,
  )
}

describe('which override applies', () => {
  const [site, grid, building, gateway, one] = [
    { sites: ['north'], parameters: { limit: 10 } },
    { grids: ['east'], parameters: { limit: 20 } },
    { buildings: ['b7'], parameters: { limit: 30 } },
    { gateways: ['gw'], parameters: { limit: 40 } },
    { devices: ['b1'], parameters: { limit: 50 } },
  ]
  test.each([
    ['no override', [], 61, ['medium above 60@6']],
    ['of a site', [site], 11, ['medium above 10@6']],
    ['of another site', [{ ...site, sites: ['south'] }], 11, []],
    ['the grid before the site', [grid, site], 15, []],
    ['the building before the grid', [building, grid, site], 25, []],
    ['the gateway before the building', [gateway, building], 35, []],
    ['the device before all', [one, gateway, building, grid, site], 45, []],
    ['the device, in whatever order', [site, one, grid], 51, ['medium above 50@6']],
    [
      'the later of two as specific',
      [grid, { ...grid, parameters: { limit: 15 } }],
      16,
      ['medium above 15@6'],
    ],
    [
      'two that set different values',
      [site, { devices: ['b1'], severity: 'high', parameters: { wait: '10m' } }],
      11,
      ['high above 10@11'],
    ],
    ['one for types', [{ types: ['bin'], parameters: { limit: 5 } }], 6, ['medium above 5@6']],
    ['a place before types', [site, { types: ['bin'], parameters: { limit: 5 } }], 6, []],
    ['types narrow a place', [{ ...site, types: ['bin'] }], 11, ['medium above 10@6']],
    ['switched off', [{ grids: ['east'], enabled: false }], 99, []],
    [
      'switched off, but not here',
      [
        { grids: ['east'], enabled: false },
        { devices: ['b1'], enabled: true },
      ],
      99,
      ['medium above 60@6'],
    ],
  ])('%s', (_, overrides, temperature, expected) => {
    expect(findingsOf(withOverrides(...overrides), {}, temperature)).toEqual(expected)
  })

  test('types narrow to other types', () => {
    const source = ruleText({
      ...base,
      applies: { types: ['bin', 'elevator'] },
      condition: { predicate: { when: 'batteryLevel < limit', for: '$wait' } },
      overrides: [{ sites: ['north'], types: ['elevator'], parameters: { limit: 0.1 } }],
    })
    const result = story(compiled([source]), directoryOf([device('b1', 'bin')]))
      .say({ device: 'b1', at: '1m', values: { batteryLevel: 0.5 } })
      .tick('10m', 30)
    expect(result.emitted()).toEqual(['began tested@360'])
  })
})

test('a home has one limit', () => {
  const source = ruleText({
    applies: { types: ['door', 'motion'], of: 'home' },
    parameters: { limit: '2h' },
    condition: { absence: { evidence: 'changed(contact) || occupancy', for: '$limit' } },
    // A duration is shown in the unit of its placeholder.
    reason: { zh: '{hours}', en: '{hours} h of {limitHours} h = {limitMinutes} min' },
    overrides: [
      { homes: ['h2'], parameters: { limit: '1h' } },
      { grids: ['west'], enabled: false },
    ],
  })
  const home = (id: string, grid: string) => [
    device(`${id}-door`, 'door', { home: id, grid }),
    device(`${id}-hall`, 'motion', { home: id, grid }),
  ]
  const end = story(
    compiled([source]),
    directoryOf([...home('h1', 'east'), ...home('h2', 'east'), ...home('h3', 'west')]),
  )
    .tick('0m')
    .tick('3h', 60)
  expect(end.findings.map(({ subject, reason }) => `${subject} ${reason.en}`)).toEqual([
    'h2 1 h of 1 h = 60 min',
    'h1 2 h of 2 h = 120 min',
  ])
})

describe('when an override changes', () => {
  const hot = (minute: number): StoryMessage => ({
    device: 'b1',
    at: `${minute}m`,
    values: { temperature: 61 },
  })
  test('an open episode continues with the same id, also when the device moves to another grid', () => {
    const rules = compiled([
      withOverrides(
        { grids: ['west'], parameters: { limit: 70 } },
        { grids: ['south'], parameters: { limit: 50 } },
      ),
    ])
    const directory = directoryOf([device('b1', 'bin', { grid: 'east' })])
    const one = story(rules, directory).say(hot(1), hot(7))
    directory.set([device('b1', 'bin', { grid: 'south' })])
    one.say(hot(8), hot(9)).tick('15m', 30)
    expect(one.emitted()).toEqual(['began tested@360'])
    directory.set([device('b1', 'bin', { grid: 'west' })])
    one.tick('16m', 30).say(hot(16)).tick('20m', 30)
    expect(one.emitted()).toEqual(['began tested@360', 'ended tested@960'])
    expect(new Set(one.findings.map(({ episode }) => episode)).size).toBe(1)
  })
  test('an open episode ends where the rule is switched off', () => {
    const rules = compiled([withOverrides({ grids: ['west'], enabled: false })])
    const directory = directoryOf([device('b1', 'bin', { grid: 'east' })])
    const one = story(rules, directory).say(hot(1), hot(7))
    directory.set([device('b1', 'bin', { grid: 'west' })])
    one.tick('9m', 30)
    expect(one.emitted()[1]).toMatch(/^ended tested/)
  })
  test('an open episode continues after a restart with another override', () => {
    const directory = directoryOf([device('b1', 'bin', { grid: 'east' })])
    const before = createEngine({
      rules: compiled([withOverrides({ grids: ['east'], parameters: { limit: 50 } })]),
      directory,
    })
    const reading = (minute: number) => ({
      ...hot(minute),
      kind: 'telemetry' as const,
      site: 'north',
      type: 'bin',
      quality: 'live' as const,
      values: { temperature: 61 },
      ts: midnight + minute * 60_000,
      receivedAt: midnight + minute * 60_000,
      seq: minute,
    })
    before.apply(reading(1))
    expect(before.apply(reading(7)).map(({ change }) => change)).toEqual(['began'])
    const after = createEngine({
      rules: compiled([withOverrides({ grids: ['east'], parameters: { limit: 55 } })]),
      directory,
    })
    after.restore(new Map([...before.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))))
    expect([8, 9, 20].flatMap((minute) => after.apply(reading(minute)))).toEqual([])
  })
})

describe('refused with its place', () => {
  const problems = (source: ReturnType<typeof ruleText>): string => {
    const result = compileRules([source])
    return result.ok ? '' : result.problems.map(formatProblem).join('\n')
  }
  test.each([
    [
      'an unknown parameter',
      { sites: ['a'], parameters: { limt: 1 } },
      /overrides\[0\]\.parameters\.limt: the rule has no parameter limt/,
    ],
    ['one of Object', { sites: ['a'], parameters: { toString: 1 } }, /no parameter toString/],
    [
      'a text for a number',
      { sites: ['a'], parameters: { limit: 'hot' } },
      /parameters\.limit: limit is a number, not a text/,
    ],
    [
      'a number for a duration',
      { sites: ['a'], parameters: { wait: 5 } },
      /parameters\.wait: wait is a duration, not a number/,
    ],
    ['an invalid duration', { sites: ['a'], parameters: { wait: '-5m' } }, /wait is a duration, not a text/],
    ['nowhere', { parameters: { limit: 1 } }, /overrides\[0\]: names no site/],
    ['nothing', { sites: ['a'] }, /overrides\[0\]: changes nothing/],
    ['an empty list', { sites: [], parameters: { limit: 1 } }, /overrides\[0\]\.sites/],
    ['an unknown key', { rooms: ['a'], parameters: { limit: 1 } }, /overrides\[0\]\.rooms: unknown field/],
    ['an unknown severity', { sites: ['a'], severity: 'huge' }, /overrides\[0\]\.severity/],
    [
      'another type',
      { types: ['elevator'], parameters: { limit: 1 } },
      /overrides\[0\]\.types\[0\]: the rule is not about a elevator/,
    ],
  ])('%s', (_, override, expected) => {
    expect(problems(withOverrides(override))).toMatch(expected)
  })
  test('a value that the condition refuses is reported in its override', () => {
    const source = ruleText({
      parameters: { times: 3 },
      condition: { count: { when: 'temperature > 60.0', times: '$times', within: '10m' } },
      overrides: [
        { sites: ['a'], parameters: { times: 5 } },
        { sites: ['b'], parameters: { times: 0 } },
      ],
    })
    expect(problems(source)).toMatch(/^tested\.yaml:\d+:\d+ overrides\[1\]: condition\.count\.times: /)
  })
  test('a group cannot vary by device or type', () => {
    const source = ruleText({
      applies: { types: ['streetlight'], of: 'circuit' },
      parameters: { lamps: 3 },
      condition: { together: { when: "powerState == 'off'", count: '$lamps', within: '10m' } },
      overrides: [{ devices: ['l1'], types: ['streetlight'], parameters: { lamps: 5 } }],
    })
    expect(problems(source)).toMatch(/overrides\[0\]\.devices: a rule about a circuit cannot vary by devices/)
    expect(problems(source)).toMatch(/overrides\[0\]\.types: a rule about a circuit cannot vary by types/)
  })
})

test('unknown ids are returned with their place', () => {
  const rules = compiled([
    withOverrides(
      { sites: ['north', 'nroth'], parameters: { limit: 1 } },
      { devices: ['b1', 'b9'], homes: ['h1'], severity: 'low' },
    ),
  ])
  const known = unknownIds(rules.list, directoryOf([device('b1', 'bin')]))
  expect(known.map(({ rule, path, id }) => `${rule} ${path} ${id}`)).toEqual([
    'tested overrides[0].sites[1] nroth',
    'tested overrides[1].homes[0] h1',
    'tested overrides[1].devices[1] b9',
  ])
})
