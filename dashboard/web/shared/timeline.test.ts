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
const rowsOf = (changes: readonly Change[]) =>
  timelineRows(changes).map(({ change, note }) => [`${change.entity} ${change.action}`, note])

const openedCase = { entity: 'case', action: 'opened', at: 1, note: null } as const
const linked = { entity: 'alert', action: 'case-opened', at: 1, note: null } as const

test('shows the opening of a case once', () => {
  expect(rowsOf(log(openedCase, linked))).toEqual([['case opened', null]])
  expect(rowsOf(log(linked))).toEqual([['alert case-opened', null]])
})

test('shows a note of simultaneous changes once, and the same note again later', () => {
  const done = { entity: 'workOrder', action: 'done', at: 5, note: 'new lamp' } as const
  const caseDone = { ...done, entity: 'case' } as const
  expect(rowsOf(log(done, caseDone, { ...done, at: 9 }))).toEqual([
    ['workOrder done', 'new lamp'],
    ['case done', null],
    ['workOrder done', 'new lamp'],
  ])
})

test('a done case and a done work order have different texts', () => {
  expect(log({ ...openedCase, action: 'done' }).map(actionKeys)).toEqual([['done-of-case', 'done']])
})
