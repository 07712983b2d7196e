/** Refetches queries when the feed brings changes of their data. */
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/vue-query'
import { onUnmounted } from 'vue'
import type { Change } from '../../../model/change.ts'
import { useFeed } from '../shared/feed/store.ts'

/** Keys of the queries that a change invalidates. */
export function staleKeys(change: Change): readonly (readonly string[])[] {
  switch (change.entity) {
    case 'alert': {
      const { id, device, caseId, rule } = change.after
      const ofRule = change.action === 'rule-changed' ? [['rule', rule], ['rules']] : []
      const keys = [['alert', id], ['device', device], ...ofRule]
      return caseId ? [...keys, ['case', caseId]] : keys
    }
    case 'case': {
      const { id, alertId } = change.after
      const keys = [['case', id], ['cases']]
      return alertId ? [...keys, ['alert', alertId]] : keys
    }
    case 'workOrder':
      // A work order does not contain its alert's id; only the alert on the screen is refetched.
      return [['case', change.after.caseId], ['alert']]
  }
}

export function useRefetch(): void {
  const feed = useFeed()
  const queries = useQueryClient()
  const unsubscribe = feed.onChanges((changes) => {
    // A snapshot does not show which entities changed.
    if (changes.length === 0) void refetchShown(queries)
    const keys = new Map(changes.flatMap(staleKeys).map((key) => [key.join('\n'), key]))
    for (const queryKey of keys.values()) void refetchShown(queries, queryKey)
  })
  onUnmounted(unsubscribe)
}

/**
 * Invalidates all answers under `queryKey` (default: all) and refetches those that are shown. A running request may
 * return data from before the change; the library restarts it only if there is data already, so first requests are
 * repeated here when they are done.
 */
export async function refetchShown(queries: QueryClient, queryKey: QueryKey = []): Promise<void> {
  const firstRequests = queries
    .getQueryCache()
    .findAll({ queryKey })
    .filter(({ state }) => state.data === undefined && state.fetchStatus !== 'idle')
  await queries.invalidateQueries({ queryKey })
  if (firstRequests.length === 0) return
  // Also of pages that were left meanwhile: they may be opened again.
  await Promise.allSettled(firstRequests.map(({ promise }) => promise))
  await queries.invalidateQueries({ queryKey, predicate: (query) => firstRequests.includes(query) })
}
