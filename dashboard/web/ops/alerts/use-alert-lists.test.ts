import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import { emptyFeedState } from '../../../../model/feed-state.ts'
import { alertMap, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { useFeed } from '../../shared/feed/store.ts'
import { useAlertList } from './use-alert-lists.ts'

let list: ReturnType<typeof useAlertList>
/** Shows these alerts, oldest first. */
const show = (...ids: readonly string[]): void => {
  const alerts = ids.map((id) => sampleAlert({ id, raisedAt: id.charCodeAt(0), device: `lamp-${id}` }))
  useFeed().state = { ...emptyFeedState, alerts: alertMap(...alerts) }
}
const rows = () => list.rows.value.map(({ alert, ended }) => (ended ? `${alert.id} ended` : alert.id))
const waiting = () => list.waiting.value.map(({ id }) => id)

beforeEach(() => {
  setActivePinia(createPinia())
  list = useAlertList()
  show('b', 'c')
})

describe('the alert list', () => {
  test('follows the feed while nobody uses it', () => {
    show('a', 'b')
    expect(rows()).toEqual(['a', 'b'])
    expect(waiting()).toEqual([])
  })

  test('keeps its rows under the pointer: new alerts wait, ended ones stay', () => {
    list.setHasPointer(true)
    show('a', 'c')
    expect(rows()).toEqual(['b ended', 'c'])
    expect(waiting()).toEqual(['a'])
    list.setHasPointer(false)
    expect(rows()).toEqual(['a', 'c'])
  })

  test('stays frozen until it has neither the pointer nor the focus', () => {
    list.setHasPointer(true)
    list.setHasFocus(true)
    show('a', 'b', 'c')
    list.setHasPointer(false)
    expect(rows()).toEqual(['b', 'c'])
    list.setHasFocus(false)
    expect(rows()).toEqual(['a', 'b', 'c'])
  })

  test('refresh shows the waiting alerts and freezes the list again', () => {
    list.setHasFocus(true)
    show('a', 'b')
    list.refresh()
    expect(rows()).toEqual(['a', 'b'])
    show('a', 'b', 'd')
    expect(rows()).toEqual(['a', 'b'])
    expect(waiting()).toEqual(['d'])
  })

  test('reports a changed order only when no new alert waits', () => {
    list.setHasPointer(true)
    expect(list.reordered.value).toBe(false)
    show('c')
    expect(list.reordered.value).toBe(true)
    show('a', 'c')
    expect(list.reordered.value).toBe(false)
  })

  test('counts the alerts that the filter hides', () => {
    list.search.value = 'LAMP-B'
    expect(rows()).toEqual(['b'])
    expect(list.hidden.value).toBe(1)
  })
})
