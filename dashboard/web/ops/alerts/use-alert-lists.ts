/** The alert lists of the console, and the list on the screen: filtered, and frozen while in use. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import { useFeed } from '../../shared/feed/store.ts'
import { filterAlerts, listAlerts } from './alert-order.ts'
import { freezeList } from './stable-order.ts'

/** Open alerts as rows, inhibited and shelved ones, computed once for all components. */
export const useAlertLists = defineStore('alert-lists', () => {
  const feed = useFeed()
  const lists = computed(() => listAlerts(feed.state.alerts, feed.slowNow))
  return {
    rows: computed(() => lists.value.rows),
    inhibited: computed(() => lists.value.inhibited),
    shelved: computed(() => lists.value.shelved),
  }
})

/** An ended alert keeps its row while the list is frozen, so that nothing moves under the pointer. */
export interface ListRow {
  readonly alert: Alert
  readonly ended: boolean
}

/** The filtered list; while it has the pointer or the focus, its rows do not move. */
export function useAlertList() {
  const feed = useFeed()
  const search = ref('')
  const hasPointer = ref(false)
  const hasFocus = ref(false)
  /** The alerts shown when the list was frozen; null = not frozen. */
  const frozenAlerts = ref<readonly Alert[] | null>(null)

  const lists = useAlertLists()
  const current = computed(() => filterAlerts(lists.rows, search.value))
  const view = computed(() =>
    freezeList(
      current.value.map((alert) => alert.id),
      frozenAlerts.value?.map((alert) => alert.id) ?? null,
    ),
  )
  const rows = computed<ListRow[]>(() => {
    const former = new Map(frozenAlerts.value?.map((alert) => [alert.id, alert]))
    return view.value.shown.flatMap((id) => {
      const now = feed.state.alerts.get(id)
      const alert = now ?? former.get(id)
      return alert ? [{ alert, ended: now === undefined }] : []
    })
  })
  const waiting = computed(() => view.value.waiting.flatMap((id) => feed.state.alerts.get(id) ?? []))

  const freeze = (): void => {
    frozenAlerts.value ??= rows.value.map((row) => row.alert)
  }
  const unfreeze = (): void => {
    if (!hasPointer.value && !hasFocus.value) frozenAlerts.value = null
  }

  return {
    search,
    rows,
    waiting,
    /** Unfreezing would change the order or remove ended alerts, but add nothing. */
    reordered: computed(() => view.value.changed && waiting.value.length === 0),
    inhibited: computed(() => lists.inhibited),
    shelved: computed(() => lists.shelved),
    hidden: computed(() => lists.rows.length - current.value.length),
    setHasPointer(value: boolean) {
      hasPointer.value = value
      if (value) freeze()
      else unfreeze()
    },
    setHasFocus(value: boolean) {
      hasFocus.value = value
      if (value) freeze()
      else unfreeze()
    },
    /** Shows the current list, and freezes it again if it has the pointer or the focus. */
    refresh() {
      frozenAlerts.value = null
      if (hasPointer.value || hasFocus.value) freeze()
    },
  }
}
