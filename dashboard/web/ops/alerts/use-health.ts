/** Current alert health: the last query result, updated with the feed. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useHub } from '../../shared/api/hub.ts'
import { useFeed } from '../../shared/feed/store.ts'
import { alertHealth } from './health.ts'
import { useAlertLists } from './use-alert-lists.ts'

const DAY = 24 * 3600_000

export function useHealth() {
  const hub = useHub()
  const feed = useFeed()
  const lists = useAlertLists()
  const query = useQuery({
    queryKey: ['health'],
    queryFn: () => hub.alerts({ state: 'all', from: Math.floor(feed.now) - DAY, limit: 1000 }),
    refetchInterval: 60_000,
  })
  const health = computed(() => {
    const day = new Map(query.data.value?.map((alert) => [alert.id, alert]))
    for (const alert of feed.state.alerts.values()) day.set(alert.id, alert)
    return alertHealth([...day.values()], lists.rows, feed.slowNow)
  })
  return { health, query }
}
