/** Asks the server again for what is on the screen. */
import type { QueryClient, QueryKey } from '@tanstack/vue-query'

/**
 * Makes the answers under `queryKey` (all without one) old and asks for those that are shown. An answer under way may
 * be from before the change. The library begins anew only where something is shown already; what is asked for the
 * first time is therefore asked once more when it is there.
 */
export async function askAgain(queries: QueryClient, queryKey: QueryKey = []): Promise<void> {
  const firstTime = queries
    .getQueryCache()
    .findAll({ queryKey })
    .filter(({ state }) => state.data === undefined && state.fetchStatus !== 'idle')
  await queries.invalidateQueries({ queryKey })
  if (firstTime.length === 0) return
  // Also of pages that were left meanwhile: they may be looked at again.
  await Promise.allSettled(firstTime.map(({ promise }) => promise))
  await queries.invalidateQueries({ queryKey, predicate: (query) => firstTime.includes(query) })
}
