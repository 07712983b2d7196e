/** The open alerts as rows, inhibited and shelved ones, computed once for all components. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFeed } from '../../shared/feed/store.ts'
import { listAlerts } from './alert-order.ts'

export const useAlertLists = defineStore('alert-lists', () => {
  const feed = useFeed()
  const lists = computed(() => listAlerts(feed.state.alerts, feed.slowNow))
  return {
    rows: computed(() => lists.value.rows),
    inhibited: computed(() => lists.value.inhibited),
    shelved: computed(() => lists.value.shelved),
  }
})
