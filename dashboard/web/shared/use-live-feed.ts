/** Connects the feed while a user is signed in; clears all data at sign-out. */
import { useQueryClient } from '@tanstack/vue-query'
import { onMounted, onUnmounted, watch } from 'vue'
import { useHub } from './api/hub.ts'
import { useFeed } from './feed/store.ts'
import { useSession } from './session.ts'

const RETRY_MS = 3_000

export function useLiveFeed(options: { wholeLog: boolean }): void {
  const hub = useHub()
  const session = useSession()
  const feed = useFeed()
  const queries = useQueryClient()
  let retryTimer: ReturnType<typeof setTimeout> | null = null

  /** Checks the session after a delay: reconnects if it is valid, retries if there is no answer. */
  const checkLater = (): void => {
    if (retryTimer) return
    retryTimer = setTimeout(() => {
      retryTimer = null
      session
        .check(hub)
        .then(() => session.state === 'signed-in' && feed.reconnect())
        .catch(checkLater)
    }, RETRY_MS)
  }

  onMounted(() => {
    session.check(hub).catch(checkLater)
  })
  watch(
    () => session.user?.login,
    (login) => {
      if (login) feed.start({ wholeLog: options.wholeLog, onRejected: checkLater })
      else {
        feed.stop()
        queries.clear()
      }
    },
    { immediate: true },
  )
  onUnmounted(() => {
    if (retryTimer) clearTimeout(retryTimer)
    feed.stop()
  })
}
