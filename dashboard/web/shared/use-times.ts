/** Ages and moments in the reader's language, by the hub's clock as far as the screen knows it. */

import { useFeed } from './feed/store.ts'
import { clockTime, momentTime, roughSpan, runningDuration } from './format.ts'
import { useTexts } from './i18n/index.ts'

export function useTimes() {
  const feed = useFeed()
  const { t, locale } = useTexts()
  const span = (ms: number): string => {
    const { unit, n } = roughSpan(ms)
    return t(`duration.${unit}`, { n })
  }
  return {
    clock: clockTime,
    span,
    /** Since `at` until now (or until `end`). */
    since: (at: number, end: number | null = null): string =>
      runningDuration((end ?? feed.now) - at, locale.value),
    moment: (at: number): string => momentTime(at, feed.slowNow, locale.value),
    iso: (at: number): string => new Date(at).toISOString(),
  }
}
