/** The list on the screen: ordered, filtered, and held still while somebody points at it or works in it. */
import { computed, ref } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import { useFeed } from '../../shared/feed/store.ts'
import { useAlertLists } from './lists.ts'
import { filterAlerts } from './alert-order.ts'
import { holdList } from './stable-order.ts'

/** A row whose alert is over stays until the list is let go, so that nothing moves under the pointer. */
export interface ListRow {
  readonly alert: Alert
  readonly ended: boolean
}

export function useAlertList() {
  const feed = useFeed()
  const search = ref('')
  const pointed = ref(false)
  const focused = ref(false)
  /** The alerts that were shown when the list was taken hold of. */
  const heldRows = ref<readonly Alert[] | null>(null)

  const lists = useAlertLists()
  const wanted = computed(() => filterAlerts(lists.rows, search.value))
  const view = computed(() =>
    holdList(
      wanted.value.map((alert) => alert.id),
      heldRows.value?.map((alert) => alert.id) ?? null,
    ),
  )
  const rows = computed<ListRow[]>(() => {
    const former = new Map(heldRows.value?.map((alert) => [alert.id, alert]))
    return view.value.shown.flatMap((id) => {
      const now = feed.state.alerts.get(id)
      const alert = now ?? former.get(id)
      return alert ? [{ alert, ended: now === undefined }] : []
    })
  })
  const waiting = computed(() => view.value.waiting.flatMap((id) => feed.state.alerts.get(id) ?? []))

  const hold = (): void => {
    heldRows.value ??= rows.value.map((row) => row.alert)
  }
  const letGo = (): void => {
    if (!pointed.value && !focused.value) heldRows.value = null
  }

  return {
    search,
    rows,
    waiting,
    /** Something but new alerts would change: an order, an end. */
    reordered: computed(() => view.value.changed && waiting.value.length === 0),
    held: computed(() => lists.held),
    shelved: computed(() => lists.shelved),
    hidden: computed(() => lists.rows.length - wanted.value.length),
    setPointed(value: boolean) {
      pointed.value = value
      if (value) hold()
      else letGo()
    },
    setFocused(value: boolean) {
      focused.value = value
      if (value) hold()
      else letGo()
    },
    /** Shows what waits although the list is held; it is held again as it is then. */
    refresh() {
      heldRows.value = null
      if (pointed.value || focused.value) hold()
    },
  }
}
