/** How many trials may run, and their states; the evaluation itself is not part of this. */
import { describe, expect, test } from 'vitest'
import type { TrialResult } from '../../model/rule-trial.ts'
import { createTrials, type TrialEvents, type TrialJob } from './trials.ts'

const none = { count: 0, newest: [] }
const result: TrialResult = {
  ...{ from: 0, to: 1, entries: 1, same: 0, failures: { count: 0, first: null } },
  ...{ proposed: none, current: none, added: none, removed: none, moved: none },
  missing: { nothingBefore: null, valuesOnlyBefore: null, beganAt: null, endedAt: null },
}
const wish = { rule: 'hot', text: 'new', days: 7 }
const day = 86_400_000

function setUp() {
  const runs: { job: TrialJob; events: TrialEvents; ended: boolean }[] = []
  const trials = createTrials({
    registry: {
      check: (_, text) => (text === 'wrong' ? [{ source: 'hot', message: 'no' }] : []),
      textOf: (id) => (id === 'hot' ? 'old' : undefined),
    },
    run(job, events) {
      const run = { job, events, ended: false }
      runs.push(run)
      return () => {
        run.ended = true
        events.failed('ended')
      }
    },
  })
  return { runs, trials }
}

describe('trials', () => {
  test('run on the requested days, report progress, and end with a result', () => {
    const { runs, trials } = setUp()
    expect(trials.start('duty', wish, 10 * day)).toMatchObject({
      state: 'running',
      progress: 0,
      startedAt: 10 * day,
    })
    expect(runs[0]?.job).toEqual({ proposed: 'new', current: 'old', from: 3 * day, to: 10 * day })
    runs[0]?.events.progress(0.4)
    expect(trials.stateOf('duty', 'hot')).toMatchObject({ state: 'running', progress: 0.4 })
    runs[0]?.events.done(result)
    runs[0]?.events.failed('the thread ended')
    expect(trials.stateOf('duty', 'hot')).toMatchObject({ state: 'done', result })
    expect(trials.stateOf('chief', 'hot')).toBeUndefined()
    expect(trials.stateOf('duty', 'full')).toBeUndefined()
  })

  test('one per person, two at once; an invalid rule is never run', () => {
    const { runs, trials } = setUp()
    expect(() => trials.start('a', { ...wish, text: 'wrong' }, 0)).toThrow('refused')
    trials.start('a', wish, 0)
    expect(() => trials.start('a', { ...wish, rule: 'other' }, 0)).toThrow('still running')
    trials.start('b', { ...wish, rule: 'mine' }, 0)
    expect(runs[1]?.job.current).toBeUndefined()
    expect(() => trials.start('c', wish, 0)).toThrow('too many')
    runs[0]?.events.failed('no')
    expect(trials.stateOf('a', 'hot')).toMatchObject({ state: 'failed', message: 'no' })
    trials.start('c', wish, 0)
    expect(runs).toHaveLength(3)
  })

  test('a cancelled trial ends at once, and later results are ignored', () => {
    const { runs, trials } = setUp()
    trials.start('a', wish, 0)
    trials.cancel('a')
    expect(runs[0]?.ended).toBe(true)
    runs[0]?.events.done(result)
    expect(trials.stateOf('a', 'hot')).toMatchObject({ state: 'cancelled' })
    trials.cancel('a')
    trials.start('a', wish, 0)
    trials.stop()
    expect(runs[1]?.ended).toBe(true)
  })

  test('keeps the results of the newest 50 people', () => {
    const { runs, trials } = setUp()
    for (let person = 0; person < 60; person += 1) {
      trials.start(`p${person}`, wish, 0)
      runs.at(-1)?.events.done(result)
    }
    expect([9, 10].map((person) => trials.stateOf(`p${person}`, 'hot')?.state)).toEqual([undefined, 'done'])
  })
})
