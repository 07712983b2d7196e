import { setImmediate as nextTurn } from 'node:timers/promises'
import { QueryClient, QueryObserver } from '@tanstack/vue-query'
import { expect, test, vi } from 'vitest'
import { alertChange, sampleAlert } from '../../../tests/support/web-samples.ts'
import { refetchShown, staleKeys } from './use-refetch.ts'

/** A query that is shown; the test provides the answers one by one. */
function shownQuery(queries: QueryClient, queryKey: readonly string[]) {
  const requests: ((answer: string) => void)[] = []
  const observer = new QueryObserver<string>(queries, {
    queryKey,
    queryFn: () => new Promise<string>((resolve) => requests.push(resolve)),
    staleTime: 5_000,
  })
  const leave = observer.subscribe(() => {})
  return { requests, shown: () => observer.getCurrentResult().data, leave }
}

test('repeats a first request that is running, because its answer may be older than the change', async () => {
  const queries = new QueryClient()
  const { requests, shown } = shownQuery(queries, ['case', 'c'])
  const done = refetchShown(queries, ['case', 'c'])
  requests[0]?.('before')
  await vi.waitFor(() => expect(requests).toHaveLength(2))
  requests[1]?.('after')
  await done
  expect(shown()).toBe('after')
  expect(requests).toHaveLength(2)
})

test('requests data that is shown once per call, although a request is running', async () => {
  const queries = new QueryClient()
  const { requests, shown } = shownQuery(queries, ['case', 'c'])
  requests[0]?.('old')
  await vi.waitFor(() => expect(shown()).toBe('old'))
  const first = refetchShown(queries)
  await vi.waitFor(() => expect(requests).toHaveLength(2))
  const second = refetchShown(queries)
  await vi.waitFor(() => expect(requests).toHaveLength(3))
  requests[1]?.('between')
  requests[2]?.('new')
  await Promise.all([first, second])
  expect(shown()).toBe('new')
  expect(requests).toHaveLength(3)
})

test('requests again when a page that was left before its first answer is opened again', async () => {
  const queries = new QueryClient()
  const { requests, leave } = shownQuery(queries, ['case', 'c'])
  const done = refetchShown(queries, ['case', 'c'])
  leave()
  await nextTurn()
  requests[0]?.('before')
  await vi.waitFor(() => expect(queries.getQueryData(['case', 'c'])).toBe('before'))
  await done
  shownQuery(queries, ['case', 'c'])
  expect(queries.isFetching()).toBe(1)
})

test('does not refetch other keys', async () => {
  const queries = new QueryClient()
  const { requests } = shownQuery(queries, ['case', 'other'])
  await refetchShown(queries, ['case', 'c'])
  expect(requests).toHaveLength(1)
})

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
