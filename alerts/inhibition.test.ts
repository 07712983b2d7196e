import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { finding } from '../tests/support/alert-fixtures.ts'
import { applyFinding } from './apply-finding.ts'
import { findInhibitor } from './inhibition.ts'

function alert(id: string, patch: Partial<Alert> = {}): Alert {
  const context = { facts: { grid: null, deviceType: 'streetlight', place: { zh: '', en: '' } }, now: 0 }
  const outcome = applyFinding(undefined, finding({ episode: id, rule: 'lamp-dark' }), context)
  if (outcome.kind === 'ignored') throw new Error(outcome.reason)
  return { ...outcome.alert, ...patch }
}
const lamp = alert('lamp')
const cause = (id: string, patch: Partial<Alert> = {}): Alert =>
  alert(id, { rule: 'circuit-out', devices: ['lamp-1', 'lamp-2'], inhibits: ['lamp-dark'], ...patch })
const openOf = (...alerts: Alert[]): ReadonlyMap<string, Alert> => new Map(alerts.map((one) => [one.id, one]))

describe('findInhibitor', () => {
  test('an active cause of this rule and these devices', () => {
    expect(findInhibitor(lamp, openOf(lamp, cause('c')))).toBe('c')
  })

  test.each<[string, Alert, readonly Alert[]]>([
    ['no cause', lamp, []],
    ['a cause that has cleared', lamp, [cause('c', { condition: 'cleared' })]],
    ['a cause of another rule', lamp, [cause('c', { inhibits: ['lamp-day-burner'] })]],
    ['a cause elsewhere', lamp, [cause('c', { devices: ['lamp-9'] })]],
    ['a cause of only some of its devices', alert('many', { devices: ['lamp-1', 'lamp-9'] }), [cause('c')]],
    ['a critical alert', alert('fire', { severity: 'critical' }), [cause('c')]],
    ['an alert that is over', alert('past', { condition: 'cleared' }), [cause('c')]],
    ['itself', cause('c', { inhibits: ['circuit-out'] }), [cause('c', { inhibits: ['circuit-out'] })]],
  ])('not: %s', (_, one, others) => {
    expect(findInhibitor(one, openOf(one, ...others))).toBeNull()
  })

  test('two causes of each other do not hide both', () => {
    const a = cause('a', { rule: 'a', inhibits: ['b'], inhibitedBy: 'b' })
    const b = cause('b', { rule: 'b', inhibits: ['a'] })
    expect(findInhibitor(b, openOf(a, b))).toBeNull()
  })

  test('the earliest of several causes, whatever the order', () => {
    const early = cause('z', { raisedAt: 1 })
    const late = cause('a', { raisedAt: 2 })
    expect(findInhibitor(lamp, openOf(late, early))).toBe('z')
    expect(findInhibitor(lamp, openOf(early, late))).toBe('z')
  })
})
