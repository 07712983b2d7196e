import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WorkOrder, type WorkOrderState, workOrderStates } from '../model/case.ts'
import { localDay } from './numbers.ts'
import { isUnderWay, moveOrder, type OrderAction, orderTransitions, stateByOrders } from './transitions.ts'

const text = { zh: '', en: '' }
const order = (state: WorkOrderState): WorkOrder => ({
  id: 'o',
  number: 'o',
  caseId: 'c',
  crew: 'crew',
  state,
  title: text,
  place: text,
  severity: 'low',
  kind: 'device',
  site: 's',
  device: null,
  instructions: '',
  dueAt: 0,
  createdAt: 0,
  createdBy: '',
  acceptedAt: null,
  acceptedBy: null,
  arrivedAt: null,
  doneAt: null,
  doneBy: null,
  doneNote: null,
  closedAt: null,
  version: 1,
})
const actions = Object.keys(orderTransitions) as OrderAction[]
const stamp = { now: 5, login: 'li', note: 'n' }

describe('moveOrder', () => {
  test.each(actions.flatMap((action) => workOrderStates.map((state) => [action, state] as const)))(
    '%s from %s',
    (action, state) => {
      const { from, to } = orderTransitions[action]
      const decision = moveOrder(order(state), action, stamp)
      const expected = state === to ? 'same' : from.includes(state) ? 'changed' : 'refused'
      expect(decision.kind).toBe(expected)
      if (decision.kind === 'changed') expect(decision.order).toMatchObject({ state: to, version: 2 })
    },
  )

  test('any steps: a finished order never moves again, and accepted comes before arrived before done', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 12 }), (steps) => {
        let current = order('assigned')
        for (const [index, action] of steps.entries()) {
          const decision = moveOrder(current, action, { ...stamp, now: index })
          if (decision.kind !== 'changed') continue
          expect(isUnderWay(current)).toBe(true)
          current = decision.order
        }
        if (current.doneAt !== null) expect(current.arrivedAt).toBeLessThan(current.doneAt)
        if (current.arrivedAt !== null) expect(current.acceptedAt).toBeLessThan(current.arrivedAt)
      }),
    )
  })
})

test.each<[WorkOrderState[], string]>([
  [[], 'open'],
  [['assigned'], 'open'],
  [['done'], 'done'],
  [['done', 'cancelled'], 'done'],
  [['cancelled'], 'open'],
  [['done', 'arrived'], 'open'],
  [['closed', 'cancelled'], 'open'],
])('orders %o make the case %s', (states, expected) => {
  expect(stateByOrders(states.map(order))).toBe(expected)
})

test('the local day is the one of the site', () => {
  const now = Date.parse('2026-02-28T16:30:00Z')
  expect(localDay(now, 'Asia/Shanghai')).toBe('20260301')
  expect(localDay(now, 'Europe/London')).toBe('20260228')
})
