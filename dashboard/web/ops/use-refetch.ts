/** Refetches queries when the feed brings changes of their data. */
import { useQueryClient } from '@tanstack/vue-query'
import { onUnmounted } from 'vue'
import type { Change } from '../../../model/change.ts'
import { useFeed } from '../shared/feed/store.ts'
import { refetchShown } from './refetch.ts'

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
