import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../../model/alert.ts'
import { alertKinds, severities } from '../../../../model/severity.ts'
import { acknowledged, alertMap, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { compareAlerts, countBySeverity, filterAlerts, listAlerts } from './alert-order.ts'

const now = 100_000
const anyAlert = fc
  .record({
    id: fc.stringMatching(/^[a-f]{1,2}$/),
    severity: fc.constantFrom(...severities),
    kind: fc.constantFrom(...alertKinds),
    seen: fc.boolean(),
    raisedAt: fc.integer({ min: 0, max: 5 }),
    inhibitedBy: fc.option(fc.stringMatching(/^[a-f]{1,2}$/)),
    shelvedUntil: fc.option(fc.constantFrom(now - 1, now + 1)),
  })
  .map(({ seen, ...rest }) => sampleAlert({ ...rest, ...(seen ? acknowledged : {}) }))
const someAlerts = fc.array(anyAlert, { maxLength: 30 }).map((list) => alertMap(...list))
const ids = (list: readonly Alert[]) => list.map((alert) => alert.id)

describe('order of the list', () => {
  test('unacknowledged first, then by severity, kind and age', () => {
    const list = [
      sampleAlert({ id: 'seen', severity: 'critical', ...acknowledged }),
      sampleAlert({ id: 'new', severity: 'high', raisedAt: 9 }),
      sampleAlert({ id: 'old', severity: 'high', raisedAt: 1 }),
      sampleAlert({ id: 'elder', severity: 'high', kind: 'welfare', raisedAt: 20 }),
      sampleAlert({ id: 'danger', severity: 'high', kind: 'safety', raisedAt: 30 }),
      sampleAlert({ id: 'worst', severity: 'critical', kind: 'device', raisedAt: 50 }),
    ]
    expect(ids([...list].sort(compareAlerts))).toEqual(['worst', 'danger', 'elder', 'old', 'new', 'seen'])
  })

  test('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(someAlerts, fc.infiniteStream(fc.nat()), (alerts, noise) => {
        const shuffled = [...alerts.values()]
          .map((alert) => ({ alert, key: noise.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ alert }) => alert)
        expect(listAlerts(alertMap(...shuffled), now)).toEqual(listAlerts(alerts, now))
      }),
    )
  })
})

describe('listAlerts', () => {
  test('lists every open alert exactly once, and critical ones always as rows', () => {
    fc.assert(
      fc.property(someAlerts, (alerts) => {
        const { rows, inhibited, shelved } = listAlerts(alerts, now)
        const placed = [...rows, ...shelved, ...[...inhibited.values()].flat()]
        expect(ids(placed)).toHaveLength(alerts.size)
        expect(new Set(ids(placed))).toEqual(new Set(alerts.keys()))
        const critical = [...alerts.values()].filter((alert) => alert.severity === 'critical')
        expect(ids(rows)).toEqual(expect.arrayContaining(ids(critical)))
        for (const cause of inhibited.keys()) expect(alerts.has(cause)).toBe(true)
      }),
    )
  })

  test('an alert whose cause is not open is a row', () => {
    const alerts = alertMap(sampleAlert({ id: 'child', inhibitedBy: 'gone' }))
    expect(ids(listAlerts(alerts, now).rows)).toEqual(['child'])
  })

  test('a shelved alert returns when its time is over', () => {
    const alerts = alertMap(sampleAlert({ shelvedUntil: now }))
    expect(listAlerts(alerts, now - 1).rows).toEqual([])
    expect(ids(listAlerts(alerts, now).rows)).toEqual(['a1'])
  })
})

test('filters by every word, in both languages, ignoring case', () => {
  const alerts = [
    sampleAlert({ id: 'lift', place: { zh: '3 栋电梯', en: 'Lift of building 3' } }),
    sampleAlert({ id: 'lamp', device: 'LAMP-3' }),
  ]
  expect(ids(filterAlerts(alerts, ' lift  3 '))).toEqual(['lift'])
  expect(ids(filterAlerts(alerts, '电梯'))).toEqual(['lift'])
  expect(ids(filterAlerts(alerts, 'lamp-3'))).toEqual(['lamp'])
  expect(filterAlerts(alerts, '')).toHaveLength(2)
})

test('counts by severity', () => {
  expect(countBySeverity([sampleAlert(), sampleAlert({ severity: 'low' }), sampleAlert()])).toEqual({
    critical: 0,
    high: 0,
    medium: 2,
    low: 1,
  })
})
