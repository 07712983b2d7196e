/** Runs a user's command: refused while disconnected, busy while running, success and failure shown as notices. */
import { computed, reactive } from 'vue'
import { ApiFailure } from './api/client.ts'
import { useFeed } from './feed/store.ts'
import { useTexts } from './i18n/index.ts'
import type { MessageKey } from './i18n/messages.ts'
import { useNotices } from './notices.ts'

/** The text of an error: the reason of the refusal if known, else the text of its code with the problems. */
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

export interface SuccessNotice<T> {
  readonly key: MessageKey
  readonly values?: (answer: T) => Readonly<Record<string, string | number>>
}

export function useCommand() {
  const feed = useFeed()
  const notices = useNotices()
  const { t } = useTexts()
  const failureText = useFailureText()
  const running = reactive(new Set<string>())

  /**
   * Runs `work` and returns its answer, or undefined after a failure notice. Ignored while another command with the
   * same `key` is running, e.g. after a double tap.
   */
  async function run<T>(
    key: string,
    work: () => Promise<T>,
    done?: SuccessNotice<T>,
  ): Promise<T | undefined> {
    if (running.has(key)) return undefined
    if (!feed.live) {
      notices.add(t('live.offlineReason'), 'failed')
      return undefined
    }
    running.add(key)
    try {
      const answer = await work()
      if (done) notices.add(t(done.key, done.values?.(answer)))
      return answer
    } catch (error) {
      notices.add(failureText(error), 'failed')
      return undefined
    } finally {
      running.delete(key)
    }
  }

  return { run, isBusy: (key: string): boolean => running.has(key), busy: computed(() => running.size > 0) }
}
