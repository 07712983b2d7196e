import { expect, test } from 'vitest'
import { STEPS_PER_SECOND } from './rate.ts'
import { stallWatch } from './stall.ts'

function setUp() {
  const pace = { steps: 7 }
  const watch = stallWatch(pace, 10)
  return { watch, pass: (seconds: number) => (pace.steps += seconds * STEPS_PER_SECOND) }
}

test('a device may stay silent for one and a half times its keep-alive, not longer', () => {
  const { watch, pass } = setUp()
  pass(60)
  expect(watch.reason(40)).toBeUndefined()
  pass(0.1)
  expect(watch.reason(40)).toBe('keep-alive')
  watch.received()
  expect(watch.reason(40)).toBeUndefined()
})

test('a keep-alive of 0 sets no limit', () => {
  const { watch, pass } = setUp()
  pass(1e6)
  expect(watch.reason(0)).toBeUndefined()
})

test('answers may stay unread for the drain timeout, counted from the first one', () => {
  const { watch, pass } = setUp()
  watch.fellBehind()
  pass(6)
  watch.fellBehind()
  pass(4)
  expect(watch.reason(0)).toBeUndefined()
  pass(0.1)
  expect(watch.reason(0)).toBe('answers-not-taken')
  watch.drained()
  expect(watch.reason(0)).toBeUndefined()
})

test('silence does not count while answers are unread', () => {
  const { watch, pass } = setUp()
  pass(8)
  watch.fellBehind()
  pass(1)
  expect(watch.reason(1)).toBeUndefined()
})
