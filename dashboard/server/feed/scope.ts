/** The part of the change log that a user may see: console users everything, a crew its own work orders. */
import type { Change } from '../../../model/change.ts'
import type { FeedSnapshot } from '../../../model/live-feed.ts'
import { may, type User } from '../../../model/user.ts'

export interface FeedScope {
  includes(change: Change): boolean
  filter(snapshot: FeedSnapshot): FeedSnapshot
}

const everything: FeedScope = { includes: () => true, filter: (snapshot) => snapshot }

/** Undefined when the user may not open the feed. */
export function scopeOf(user: User): FeedScope | undefined {
  if (may(user.role, 'console.read')) return everything
  return user.role === 'crew' && user.crew !== null ? ownOrders(user.crew) : undefined
}

function ownOrders(crew: string): FeedScope {
  return {
    includes: (change) => change.entity === 'workOrder' && change.after.crew === crew,
    filter: ({ workOrders }) => ({
      alerts: [],
      cases: [],
      workOrders: workOrders.filter((order) => order.crew === crew),
    }),
  }
}
