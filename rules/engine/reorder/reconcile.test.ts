/** What was told against what is right: an alert that was taken back and is right after all comes back. */
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, story } from '../../testing/community.ts'
import { correctedText } from '../evaluate/texts.ts'
import type { Episode, Transition } from '../types.ts'
import { reconcile } from './reconcile.ts'

const episode: Episode = { id: 'tested:b1:120', startedAt: 60, raisedAt: 120, severity: 'medium' }
const said = (change: Transition['change'], at: number): Transition => ({
  rule: 'tested',
  change,
  episode,
  at,
  ended: change === 'ended' || change === 'retracted',
  reason: { zh: '测试', en: 'tested' },
  evidence: {},
  device: 'b1',
})

describe('an episode that was open before a reevaluation', () => {
  test('published as retracted, then proved: open again', () => {
    expect(reconcile(episode, [said('retracted', 120)], [])).toMatchObject([
      { change: 'corrected', episode: { id: 'tested:b1:120' }, at: 120, ended: false },
    ])
  })

  test('published as retracted and still retracted: no correction', () => {
    expect(reconcile(episode, [said('retracted', 120)], [said('retracted', 120)])).toEqual([])
  })

  test('changed by neither: no correction', () => {
    expect(reconcile(episode, [], [])).toEqual([])
  })

  test('published as ended, and open after all: open again', () => {
    expect(reconcile(episode, [said('ended', 180)], [])).toMatchObject([
      { change: 'corrected', at: 120, ended: false, reason: correctedText },
    ])
  })
})

test('one that a late reading retracts and a later one proves begins again under its own id', () => {
  const rules = compiled([
    ruleText({ condition: { predicate: { when: 'temperature > 60.0 || fillingLevel > 0.5', for: '1m' } } }),
  ])
  const end = story(rules, directoryOf([device('b1', 'bin')]))
    .say({ device: 'b1', at: '1m', values: { temperature: 20, fillingLevel: 0.6 } })
    .tick('3m')
    .say(
      { device: 'b1', at: '90s', receivedAt: '3m', values: { fillingLevel: 0.1 } },
      { device: 'b1', at: '75s', receivedAt: '3m 1s', values: { temperature: 61 } },
    )
  expect(end.emitted()).toEqual(['began tested@120', 'retracted tested@120', 'began tested@120'])
  expect(new Set(end.findings.map((one) => one.episode)).size).toBe(1)
})
