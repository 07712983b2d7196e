import { expect, test } from 'vitest'
import type { Change } from '../../../model/change.ts'
import { alertChange, sampleAlert, sampleCase, sampleOrder } from '../../../tests/support/web-samples.ts'
import { actionKeys, timelineRows } from './timeline.ts'

const log = (...changes: readonly Pick<Change, 'entity' | 'action' | 'at' | 'note'>[]): Change[] =>
  changes.map((change, index) => {
    const common = { seq: index + 1, prevSeq: index, actor: 'duty', ...change }
    if (common.entity === 'alert')
      return { ...alertChange(common.seq, sampleAlert()), ...common, entity: 'alert' }
    return common.entity === 'case'
      ? { ...common, entity: 'case', after: sampleCase() }
      : { ...common, entity: 'workOrder', after: sampleOrder() }
  })
const said = (changes: readonly Change[]) =>
  timelineRows(changes).map(({ change, note }) => [`${change.entity} ${change.action}`, note])

const openedCase = { entity: 'case', action: 'opened', at: 1, note: null } as const
const linked = { entity: 'alert', action: 'case-opened', at: 1, note: null } as const

test('that an alert has a case is said once', () => {
  expect(said(log(openedCase, linked))).toEqual([['case opened', null]])
  expect(said(log(linked))).toEqual([['alert case-opened', null]])
})

test('a note of several changes of one moment is shown once; the same note later is shown again', () => {
  const done = { entity: 'workOrder', action: 'done', at: 5, note: 'new lamp' } as const
  const caseDone = { ...done, entity: 'case' } as const
  expect(said(log(done, caseDone, { ...done, at: 9 }))).toEqual([
    ['workOrder done', 'new lamp'],
    ['case done', null],
    ['workOrder done', 'new lamp'],
  ])
})

test('a case that is done is not said like an order that is done', () => {
  expect(log({ ...openedCase, action: 'done' }).map(actionKeys)).toEqual([['done-of-case', 'done']])
})
