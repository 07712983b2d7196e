import { describe, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import type { Finding } from '../model/finding.ts'
import { finding } from '../tests/support/alert-fixtures.ts'
import { applyFinding } from './apply-finding.ts'
import { reactivated } from './step.ts'

const facts = { grid: 'grid-1', deviceType: 'streetlight', place: { zh: '1 号灯', en: 'lamp 1' } }
const context = { facts, now: 5_000 }
const episode = 'e1'
const began = finding({ episode })

function apply(current: Alert | undefined, next: Finding): Alert {
  const outcome = applyFinding(current, next, context)
  if (outcome.kind === 'ignored') throw new Error(`ignored: ${outcome.reason}`)
  return outcome.alert
}
const raised = apply(undefined, began)
const seen: Alert = { ...raised, attention: 'acknowledged', acknowledgedAt: 6_000, acknowledgedBy: 'duty' }
const cleared = apply(raised, finding({ episode, change: 'ended', at: 9_000 }))
const retracted = apply(raised, finding({ episode, change: 'retracted', at: 9_000 }))

describe('a first finding', () => {
  test('raises an active, unacknowledged alert with event times and the hub time it was first seen', () => {
    expect(raised).toMatchObject({
      id: 'e1',
      condition: 'active',
      attention: 'unacknowledged',
      raisedAt: 1_000,
      clearedAt: null,
      firstSeenAt: 5_000,
      grid: 'grid-1',
      devices: ['lamp-1'],
      version: 1,
    })
  })

  test('of an episode that is over already is shown all the same', () => {
    expect(apply(undefined, finding({ episode, ended: true, at: 3_000 }))).toMatchObject({
      condition: 'cleared',
      clearedAt: 3_000,
      attention: 'unacknowledged',
    })
  })

  test.each(['severity', 'corrected'] as const)(
    '%s without its beginning raises: the condition holds',
    (change) => {
      expect(apply(undefined, finding({ episode, change }))).toMatchObject({
        condition: 'active',
        raisedAt: 1_000,
      })
    },
  )

  test.each([
    ['ended', finding({ episode, change: 'ended' })],
    ['retracted', finding({ episode, change: 'retracted' })],
    ['severity of something over', finding({ episode, change: 'severity', ended: true })],
  ] as const)('%s without its beginning is ignored and named', (_, lost) => {
    expect(applyFinding(undefined, lost, context)).toEqual({ kind: 'ignored', reason: 'unknown-episode' })
  })
})

describe('stays the same', () => {
  test.each<[string, Alert, Finding]>([
    ['began twice', raised, began],
    ['began again after it was cleared', cleared, began],
    ['the same severity', raised, finding({ episode, change: 'severity' })],
    ['ended twice', cleared, finding({ episode, change: 'ended', at: 9_000 })],
    ['retracted twice', retracted, finding({ episode, change: 'retracted', at: 9_000 })],
    ['corrected to what it is', raised, finding({ episode, change: 'corrected' })],
  ])('%s', (_, current, again) => {
    expect(applyFinding(current, again, context)).toEqual({ kind: 'ignored', reason: 'repeated' })
  })
})

describe('changes', () => {
  const shelved: Alert = { ...seen, shelvedUntil: 99_000, shelvedReason: 'parts ordered' }
  const worse = finding({ episode, change: 'severity', severity: 'high', at: 4_000 })
  const better = finding({ episode, change: 'severity', severity: 'low', at: 4_000 })

  test.each<[string, Alert, Finding, Partial<Alert>]>([
    [
      'worse asks for attention again, also when put aside',
      shelved,
      worse,
      { severity: 'high', attention: 'unacknowledged', acknowledgedAt: null, shelvedUntil: null },
    ],
    ['better keeps attention', seen, better, { severity: 'low', attention: 'acknowledged' }],
    [
      'worse after a person cleared it',
      cleared,
      worse,
      { condition: 'active', reopenedCount: 1, severity: 'high' },
    ],
    [
      'critical comes out from under its cause',
      { ...seen, inhibitedBy: 'cause' },
      finding({ episode, change: 'severity', severity: 'critical' }),
      { inhibitedBy: null, severity: 'critical' },
    ],
    [
      'ended leaves attention alone and ends the shelf',
      shelved,
      finding({ episode, change: 'ended', at: 9_000 }),
      { condition: 'cleared', clearedAt: 9_000, attention: 'acknowledged', shelvedUntil: null },
    ],
    [
      'a corrected end',
      cleared,
      finding({ episode, change: 'corrected', ended: true, at: 8_000, startedAt: 500, raisedAt: 500 }),
      { clearedAt: 8_000, raisedAt: 500, condition: 'cleared' },
    ],
    [
      'a corrected start',
      raised,
      finding({ episode, change: 'corrected', startedAt: 500, raisedAt: 500 }),
      { raisedAt: 500 },
    ],
    [
      'not over after all',
      { ...cleared, attention: 'acknowledged' },
      finding({ episode, change: 'corrected' }),
      { condition: 'active', clearedAt: null, attention: 'unacknowledged', reopenedCount: 1 },
    ],
    [
      'it never was',
      raised,
      finding({ episode, change: 'retracted', at: 9_000, reason: { zh: '迟到数据', en: 'late data' } }),
      {
        condition: 'cleared',
        retracted: true,
        attention: 'unacknowledged',
        reason: { zh: '迟到数据', en: 'late data' },
      },
    ],
    [
      'lost and found within one instant, and lost again',
      { ...cleared, clearedAt: began.raisedAt },
      began,
      { condition: 'active', attention: 'unacknowledged', reopenedCount: 1 },
    ],
    ['it was after all', retracted, began, { condition: 'active', retracted: false, reopenedCount: 1 }],
  ])('%s', (_, current, next, expected) => {
    const after = apply(current, next)
    expect(after).toMatchObject(expected)
    expect(after.version).toBe(current.version + 1)
  })

  test('coming back never keeps an old acknowledgement', () => {
    expect(reactivated(seen)).toMatchObject({ attention: 'unacknowledged', acknowledgedBy: null })
  })
})
