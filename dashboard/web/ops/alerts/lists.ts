/** The open alerts as rows, held and shelved ones, computed once for the whole console. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFeed } from '../../shared/feed/store.ts'
import { listAlerts } from './alert-order.ts'

export const useAlertLists = defineStore('alert-lists', () => {
  const feed = useFeed()
  const lists = computed(() => listAlerts(feed.state.alerts, feed.slowNow))
  return {
    rows: computed(() => lists.value.rows),
    held: computed(() => lists.value.held),
    shelved: computed(() => lists.value.shelved),
  }
})
