import { expect, test } from 'vitest'
import { alertChange, sampleAlert } from '../../../tests/support/web-samples.ts'
import { staleKeys } from './use-refetch.ts'

test('a change invalidates the queries that contain it', () => {
  const plain = sampleAlert({ id: 'a', device: 'lamp-1' })
  expect(staleKeys(alertChange(1, plain))).toEqual([
    ['alert', 'a'],
    ['device', 'lamp-1'],
  ])
  expect(staleKeys(alertChange(2, { ...plain, caseId: 'c' }))).toContainEqual(['case', 'c'])
  const ruled = { ...alertChange(3, plain), action: 'rule-changed' }
  expect(staleKeys(ruled)).toEqual(expect.arrayContaining([['rule', plain.rule], ['rules']]))
})
