import { describe, expect, test } from 'vitest'
import { acknowledged, alertMap, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { arrivals } from './new-alerts.ts'

const now = 5_000
const none = alertMap()
const ids = (before: ReturnType<typeof alertMap>, next: ReturnType<typeof alertMap>) =>
  arrivals(before, next, now).map((alert) => alert.id)

describe('arrivals', () => {
  test.each([
    { name: 'raised', before: none, next: sampleAlert(), want: ['a1'] },
    { name: 'still there', before: alertMap(sampleAlert()), next: sampleAlert({ version: 2 }), want: [] },
    { name: 'acknowledged elsewhere', before: none, next: sampleAlert(acknowledged), want: [] },
    {
      name: 'acknowledgement taken back',
      before: alertMap(sampleAlert(acknowledged)),
      next: sampleAlert(),
      want: ['a1'],
    },
    { name: 'under a common cause', before: none, next: sampleAlert({ inhibitedBy: 'x' }), want: [] },
    {
      name: 'let go by its cause',
      before: alertMap(sampleAlert({ inhibitedBy: 'x' })),
      next: sampleAlert(),
      want: ['a1'],
    },
    { name: 'shelved', before: none, next: sampleAlert({ shelvedUntil: now + 1 }), want: [] },
    { name: 'shelving over', before: none, next: sampleAlert({ shelvedUntil: now }), want: ['a1'] },
    {
      name: 'grown critical',
      before: alertMap(sampleAlert()),
      next: sampleAlert({ severity: 'critical' }),
      want: ['a1'],
    },
    {
      name: 'critical although under a common cause',
      before: none,
      next: sampleAlert({ severity: 'critical', inhibitedBy: 'x' }),
      want: ['a1'],
    },
  ])('$name: $want', ({ before, next, want }) => {
    expect(ids(before, alertMap(next))).toEqual(want)
  })
})
