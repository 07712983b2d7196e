/** The feed says what has changed; pages that show it ask the server again. */
import { useQueryClient } from '@tanstack/vue-query'
import { onUnmounted } from 'vue'
import type { Change } from '../../../model/change.ts'
import { useFeed } from '../shared/feed/store.ts'
import { askAgain } from './refetch.ts'

/** Keys of the queries whose answer a change makes old. */
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
      // An order does not name its alert; only the one alert that is open on the screen is asked again.
      return [['case', change.after.caseId], ['alert']]
  }
}

export function useRefetch(): void {
  const feed = useFeed()
  const queries = useQueryClient()
  const stopChanges = feed.onChanges((changes) => {
    // A snapshot says nothing about what is different.
    if (changes.length === 0) void askAgain(queries)
    const keys = new Map(changes.flatMap(staleKeys).map((key) => [key.join('\n'), key]))
    for (const queryKey of keys.values()) void askAgain(queries, queryKey)
  })
  onUnmounted(stopChanges)
}
