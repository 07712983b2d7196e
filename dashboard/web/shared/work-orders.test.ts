import { expect, test } from 'vitest'
import { workOrderStates } from '../../../model/case.ts'
import { sampleOrder } from '../../../tests/support/web-samples.ts'
import { listOrders, nextStep } from './work-orders.ts'

test('open orders by deadline, then severity; done ones separately, the latest first', () => {
  const { open, finished } = listOrders([
    sampleOrder({ id: 'later', dueAt: 30 }),
    sampleOrder({ id: 'done-1', state: 'done', doneAt: 5 }),
    sampleOrder({ id: 'soon-low', dueAt: 10, severity: 'low', state: 'arrived' }),
    sampleOrder({ id: 'soon-high', dueAt: 10, severity: 'high', state: 'accepted' }),
    sampleOrder({ id: 'done-2', state: 'done', doneAt: 9 }),
    sampleOrder({ id: 'closed', state: 'closed' }),
  ])
  expect(open.map(({ id }) => id)).toEqual(['soon-high', 'soon-low', 'later'])
  expect(finished.map(({ id }) => id)).toEqual(['done-2', 'done-1'])
})

test('accept, arrive, done; no step after done', () => {
  expect(workOrderStates.map(nextStep)).toEqual(['accept', 'arrive', 'done', null, null, null])
})
