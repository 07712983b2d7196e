import { setImmediate as nextTurn } from 'node:timers/promises'
import { QueryClient, QueryObserver } from '@tanstack/vue-query'
import { expect, test, vi } from 'vitest'
import { askAgain } from './refetch.ts'

/** A query whose answers the test gives one by one. */
function shownQuery(queries: QueryClient, queryKey: readonly string[]) {
  const asked: ((answer: string) => void)[] = []
  const observer = new QueryObserver<string>(queries, {
    queryKey,
    queryFn: () => new Promise<string>((resolve) => asked.push(resolve)),
    staleTime: 5_000,
  })
  const leave = observer.subscribe(() => {})
  return { asked, shown: () => observer.getCurrentResult().data, leave }
}

test('what is asked for the first time is asked once more: its answer may be from before', async () => {
  const queries = new QueryClient()
  const { asked, shown } = shownQuery(queries, ['case', 'c'])
  const done = askAgain(queries, ['case', 'c'])
  asked[0]?.('before')
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  asked[1]?.('after')
  await done
  expect(shown()).toBe('after')
  expect(asked).toHaveLength(2)
})

test('an answer that is shown is asked for once, whatever is under way', async () => {
  const queries = new QueryClient()
  const { asked, shown } = shownQuery(queries, ['case', 'c'])
  asked[0]?.('old')
  await vi.waitFor(() => expect(shown()).toBe('old'))
  const first = askAgain(queries)
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  const second = askAgain(queries)
  await vi.waitFor(() => expect(asked).toHaveLength(3))
  asked[1]?.('between')
  asked[2]?.('new')
  await Promise.all([first, second])
  expect(shown()).toBe('new')
  expect(asked).toHaveLength(3)
})

test('a page that is left before its first answer is asked again when somebody comes back', async () => {
  const queries = new QueryClient()
  const { asked, leave } = shownQuery(queries, ['case', 'c'])
  const done = askAgain(queries, ['case', 'c'])
  leave()
  await nextTurn()
  asked[0]?.('before')
  await vi.waitFor(() => expect(queries.getQueryData(['case', 'c'])).toBe('before'))
  await done
  shownQuery(queries, ['case', 'c'])
  expect(queries.isFetching()).toBe(1)
})

test('another key is left alone', async () => {
  const queries = new QueryClient()
  const { asked } = shownQuery(queries, ['case', 'other'])
  await askAgain(queries, ['case', 'c'])
  expect(asked).toHaveLength(1)
})
