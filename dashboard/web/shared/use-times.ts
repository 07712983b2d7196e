/** Durations and times in the user's language, relative to the hub's clock. */

import { useFeed } from './feed/store.ts'
import { clockText, dateTimeText, elapsedText, roughDuration } from './format.ts'
import { useTexts } from './i18n/index.ts'

export function useTimes() {
  const feed = useFeed()
  const { t, locale } = useTexts()
  const duration = (ms: number): string => {
    const { unit, n } = roughDuration(ms)
    return t(`duration.${unit}`, { n })
  }
  return {
    clockTime: clockText,
    duration,
    /** Time from `at` until `end`; null = now. */
    elapsed: (at: number, end: number | null = null): string =>
      elapsedText((end ?? feed.now) - at, locale.value),
    dateTime: (at: number): string => dateTimeText(at, feed.slowNow, locale.value),
    iso: (at: number): string => new Date(at).toISOString(),
  }
}
