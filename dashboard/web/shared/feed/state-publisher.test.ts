import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { emptyFeedState } from '../../../../model/feed-state.ts'
import { createStatePublisher } from './state-publisher.ts'

const stateAt = (seq: number) => ({ ...emptyFeedState, cursor: { epoch: 'e', seq } })
const seqsOf = (publish: ReturnType<typeof vi.fn>) =>
  publish.mock.calls.map(([state]) => (state as ReturnType<typeof stateAt>).cursor.seq)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('publishes only the newest of many states, after 100 ms', () => {
  const publish = vi.fn()
  const publisher = createStatePublisher(publish)
  for (let seq = 1; seq <= 50; seq++) {
    publisher.accept(stateAt(seq))
    vi.advanceTimersByTime(1)
  }
  expect(seqsOf(publish)).toEqual([])
  vi.advanceTimersByTime(50)
  expect(seqsOf(publish)).toEqual([50])
  vi.advanceTimersByTime(1_000)
  expect(publish).toHaveBeenCalledTimes(1)
})

test('flush publishes at once, and not again later', () => {
  const publish = vi.fn()
  const publisher = createStatePublisher(publish)
  publisher.accept(stateAt(1))
  publisher.flush()
  vi.advanceTimersByTime(1_000)
  expect(seqsOf(publish)).toEqual([1])
  publisher.accept(stateAt(2))
  vi.advanceTimersByTime(100)
  expect(seqsOf(publish)).toEqual([1, 2])
})

test('publishes nothing after a reset', () => {
  const publish = vi.fn()
  const publisher = createStatePublisher(publish)
  publisher.accept(stateAt(1))
  publisher.reset()
  vi.advanceTimersByTime(1_000)
  expect(publish).not.toHaveBeenCalled()
})
