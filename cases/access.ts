/** Who may do what to a case or work order: the role, and for crews only their own orders. */
import type { Case, WorkOrder } from '../model/case.ts'
import { LinliError } from '../model/errors.ts'
import { may, type Permission, type User } from '../model/user.ts'

/** @throws LinliError FORBIDDEN */
export function requirePermission(actor: User, permission: Permission): void {
  if (!may(actor.role, permission))
    throw new LinliError('FORBIDDEN', `a ${actor.role} may not do this (${permission})`)
}

/** A crew works its own orders, a grid worker those of the own grid, an administrator all. @throws LinliError FORBIDDEN */
export function requireOwnOrder(actor: User, order: WorkOrder, ofCase: Case): void {
  if (actor.role === 'administrator') return
  if (actor.role === 'crew' ? actor.crew === order.crew : actor.grid !== null && actor.grid === ofCase.grid)
    return
  throw new LinliError('FORBIDDEN', `work order ${order.number} is not one of yours`, {
    reason: 'order-of-others',
  })
}
