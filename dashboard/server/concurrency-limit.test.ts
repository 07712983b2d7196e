import { expect, test } from 'vitest'
import { createConcurrencyLimit } from './concurrency-limit.ts'

test('runs a limited number at once, in order, and refuses when the queue is full', async () => {
  const limit = createConcurrencyLimit({ atOnce: 2, waiting: 3 })
  const started: number[] = []
  const finish: (() => void)[] = []
  const work = (n: number) => async () => {
    started.push(n)
    await new Promise<void>((resolve) => finish.push(resolve))
    if (n === 1) throw new Error('one fails')
    return n
  }
  const runs = [0, 1, 2, 3, 4, 5].map((n) => limit.run(work(n)).catch((error: Error) => error.message))
  expect(await runs[5]).toBeUndefined()
  expect(started).toEqual([0, 1])
  for (let n = 0; n < 5; n++) {
    finish[n]?.()
    await runs[n]
  }
  expect(started).toEqual([0, 1, 2, 3, 4])
  expect(await Promise.all(runs)).toEqual([
    { value: 0 },
    'one fails',
    { value: 2 },
    { value: 3 },
    { value: 4 },
    undefined,
  ])
})
