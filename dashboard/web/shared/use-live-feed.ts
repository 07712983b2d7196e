/** Ties the feed to the session: connects when somebody is signed in, forgets everything when they sign out. */
import { useQueryClient } from '@tanstack/vue-query'
import { onMounted, onUnmounted, watch } from 'vue'
import { useHub } from './api/hub.ts'
import { useFeed } from './feed/store.ts'
import { useSession } from './session.ts'

const RETRY_MS = 3_000

export function useLive(options: { wholeLog: boolean }): void {
  const hub = useHub()
  const session = useSession()
  const feed = useFeed()
  const queries = useQueryClient()
  let waiting: ReturnType<typeof setTimeout> | null = null

  /** Asks whether the session still holds; connects again when it does, and later when nobody answers. */
  const look = (): void => {
    if (waiting) return
    waiting = setTimeout(() => {
      waiting = null
      session
        .check(hub)
        .then(() => session.state === 'signed-in' && feed.reconnect())
        .catch(look)
    }, RETRY_MS)
  }

  onMounted(() => {
    session.check(hub).catch(look)
  })
  watch(
    () => session.user?.login,
    (login) => {
      if (login) feed.start({ wholeLog: options.wholeLog, onCut: look })
      else {
        feed.stop()
        queries.clear()
      }
    },
    { immediate: true },
  )
  onUnmounted(() => {
    if (waiting) clearTimeout(waiting)
    feed.stop()
  })
}
