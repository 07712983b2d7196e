/** Refetches the data on the screen. */
import type { QueryClient, QueryKey } from '@tanstack/vue-query'

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
