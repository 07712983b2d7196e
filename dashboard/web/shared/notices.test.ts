import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useNotices } from './notices.ts'

const texts = () => useNotices().notices.map(({ text }) => text)

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => void vi.useRealTimers())

test('a success disappears after 6 s, a failure stays until dismissed', () => {
  const notices = useNotices()
  notices.add('saved')
  notices.add('refused', 'failed')
  vi.advanceTimersByTime(5_999)
  expect(texts()).toEqual(['saved', 'refused'])
  vi.advanceTimersByTime(1)
  expect(texts()).toEqual(['refused'])
  notices.dismiss(notices.notices[0]?.id ?? 0)
  expect(texts()).toEqual([])
})

test('a repeated text is shown once, as the newest', () => {
  const notices = useNotices()
  for (const text of ['a', 'b', 'a']) notices.add(text, 'failed')
  expect(texts()).toEqual(['b', 'a'])
})

test('shows the newest four', () => {
  const notices = useNotices()
  for (const text of ['1', '2', '3', '4', '5']) notices.add(text, 'failed')
  expect(texts()).toEqual(['2', '3', '4', '5'])
})
