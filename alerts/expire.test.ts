import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { finding } from '../tests/support/alert-fixtures.ts'
import { applyFinding } from './apply-finding.ts'
import { expire } from './expire.ts'
import { alertOptions } from './options.ts'

const { acknowledgementMinutes } = alertOptions.parse({})
const context = { facts: { grid: null, deviceType: 'x', place: { zh: '', en: '' } }, now: 0 }
const MINUTE = 60_000

function alert(patch: Partial<Alert>): Alert {
  const outcome = applyFinding(undefined, finding(), context)
  if (outcome.kind === 'ignored') throw new Error(outcome.reason)
  return { ...outcome.alert, attention: 'acknowledged', acknowledgedAt: 0, acknowledgedBy: 'duty', ...patch }
}
const actionAt = (one: Alert, minutes: number) =>
  expire(one, minutes * MINUTE, acknowledgementMinutes)?.action

describe('expire', () => {
  test.each<[Partial<Alert>, number]>([
    [{ kind: 'welfare', severity: 'high' }, 10],
    [{ kind: 'welfare', severity: 'low' }, 10],
    [{ kind: 'safety', severity: 'critical' }, 30],
    [{ kind: 'sanitation', severity: 'high' }, 60],
    [{ kind: 'maintenance', severity: 'medium' }, 240],
    [{ kind: 'device', severity: 'low' }, 240],
  ])('an acknowledgement of %o lapses after %i min, not before', (patch, minutes) => {
    expect(actionAt(alert(patch), minutes - 0.01)).toBeUndefined()
    expect(actionAt(alert(patch), minutes)).toBe('acknowledgement-expired')
  })

  test('an acknowledgement from a time that has not come lapses: the clock was set back', () => {
    const ahead = alert({ severity: 'critical', acknowledgedAt: 365 * 24 * 60 * MINUTE })
    expect(actionAt(ahead, 10)).toBe('acknowledgement-expired')
    expect(actionAt(alert({ acknowledgedAt: 11 * MINUTE }), 10)).toBeUndefined()
  })

  test.each<[string, Partial<Alert>]>([
    ['it is over', { condition: 'cleared' }],
    ['it is held under its cause', { inhibitedBy: 'cause' }],
    ['it is put aside', { shelvedUntil: 10_000 * MINUTE }],
    ['nobody acknowledged it', { acknowledgedAt: null, attention: 'unacknowledged' }],
  ])('stays when %s', (_, patch) => {
    expect(actionAt(alert(patch), 9_000)).toBeUndefined()
  })

  test('a shelf ends at its time and asks for attention again', () => {
    const shelved = alert({ shelvedUntil: 30 * MINUTE, shelvedReason: 'parts' })
    expect(actionAt(shelved, 29.9)).toBeUndefined()
    expect(expire(shelved, 30 * MINUTE, acknowledgementMinutes)).toMatchObject({
      action: 'unshelved',
      alert: { shelvedUntil: null, shelvedReason: null, attention: 'unacknowledged' },
    })
  })
})
