/** Sends one command of a person: refused openly while the connection is lost, busy while under way, failures told. */
import { computed, reactive } from 'vue'
import { ApiFailure } from './api/client.ts'
import { useFeed } from './feed/store.ts'
import { useTexts } from './i18n/index.ts'
import type { MessageKey } from './i18n/messages.ts'
import { useNotices } from './notices.ts'

/** The text for a failure: why the house refused it, else the hub's coded error by code, with the problems it names. */
export function useFailureText() {
  const { t, known, pick } = useTexts()
  return (error: unknown): string => {
    if (!(error instanceof ApiFailure)) return t('errors.OTHER')
    const reason = `refusals.${error.reason}`
    if (known(reason)) return t(reason)
    const key = `errors.${error.code}`
    const text = known(key) ? t(key) : t('errors.OTHER')
    const details = error.problems.map(({ text: both, message }) => (both ? pick(both) : message)).join('; ')
    return details ? `${text} ${details}` : text
  }
}

export interface Done<T> {
  readonly key: MessageKey
  readonly values?: (answer: T) => Readonly<Record<string, string | number>>
}

export function useCommand() {
  const feed = useFeed()
  const notices = useNotices()
  const { t } = useTexts()
  const failureText = useFailureText()
  const under = reactive(new Set<string>())

  /**
   * Runs `work`; returns its answer, or undefined after having told the person why not. A second tap on the same
   * `key` while the first is under way is no second command.
   */
  async function run<T>(key: string, work: () => Promise<T>, done?: Done<T>): Promise<T | undefined> {
    if (under.has(key)) return undefined
    if (!feed.live) {
      notices.add(t('live.offlineReason'), 'failed')
      return undefined
    }
    under.add(key)
    try {
      const answer = await work()
      if (done) notices.add(t(done.key, done.values?.(answer)))
      return answer
    } catch (error) {
      notices.add(failureText(error), 'failed')
      return undefined
    } finally {
      under.delete(key)
    }
  }

  return { run, isBusy: (key: string): boolean => under.has(key), busy: computed(() => under.size > 0) }
}
