import { describe, expect, test } from 'vitest'
import { acknowledged, alertMap, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { findNewAlerts } from './new-alerts.ts'

const now = 5_000
const none = alertMap()
const ids = (before: ReturnType<typeof alertMap>, next: ReturnType<typeof alertMap>) =>
  findNewAlerts(before, next, now).map((alert) => alert.id)

describe('findNewAlerts', () => {
  test.each([
    { name: 'raised', before: none, next: sampleAlert(), want: ['a1'] },
    { name: 'present before', before: alertMap(sampleAlert()), next: sampleAlert({ version: 2 }), want: [] },
    { name: 'acknowledged', before: none, next: sampleAlert(acknowledged), want: [] },
    {
      name: 'acknowledgement undone',
      before: alertMap(sampleAlert(acknowledged)),
      next: sampleAlert(),
      want: ['a1'],
    },
    { name: 'inhibited', before: none, next: sampleAlert({ inhibitedBy: 'x' }), want: [] },
    {
      name: 'no longer inhibited',
      before: alertMap(sampleAlert({ inhibitedBy: 'x' })),
      next: sampleAlert(),
      want: ['a1'],
    },
    { name: 'shelved', before: none, next: sampleAlert({ shelvedUntil: now + 1 }), want: [] },
    { name: 'shelving ended', before: none, next: sampleAlert({ shelvedUntil: now }), want: ['a1'] },
    {
      name: 'became critical',
      before: alertMap(sampleAlert()),
      next: sampleAlert({ severity: 'critical' }),
      want: ['a1'],
    },
    {
      name: 'critical and inhibited',
      before: none,
      next: sampleAlert({ severity: 'critical', inhibitedBy: 'x' }),
      want: ['a1'],
    },
  ])('$name: $want', ({ before, next, want }) => {
    expect(ids(before, alertMap(next))).toEqual(want)
  })
})
