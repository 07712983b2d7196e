/** What of the change log a person may see: the console everything, a crew its own work orders. */
import type { Change } from '../../../model/change.ts'
import type { FeedSnapshot } from '../../../model/live-feed.ts'
import { may, type User } from '../../../model/user.ts'

export interface FeedScope {
  sees(change: Change): boolean
  narrow(snapshot: FeedSnapshot): FeedSnapshot
}

const everything: FeedScope = { sees: () => true, narrow: (snapshot) => snapshot }

/** Undefined when the person may not open the feed at all. */
export function scopeOf(user: User): FeedScope | undefined {
  if (may(user.role, 'console.read')) return everything
  return user.role === 'crew' && user.crew !== null ? ownOrders(user.crew) : undefined
}

function ownOrders(crew: string): FeedScope {
  return {
    sees: (change) => change.entity === 'workOrder' && change.after.crew === crew,
    narrow: ({ workOrders }) => ({
      alerts: [],
      cases: [],
      workOrders: workOrders.filter((order) => order.crew === crew),
    }),
  }
}
