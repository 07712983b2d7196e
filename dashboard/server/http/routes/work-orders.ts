/** `/work-orders`: a crew sees and works on its own orders; console users see all. */
import { z } from 'zod'
import { noteBody, requiredNoteBody } from '../../../../model/api.ts'
import type { WorkOrder } from '../../../../model/case.ts'
import { LinliError } from '../../../../model/errors.ts'
import type { CaseCommands } from '../../../../model/ports/commands.ts'
import type { Records } from '../../../../model/ports/records.ts'
import { may, type User } from '../../../../model/user.ts'
import { type ApiApp, addCommand, addQuery, type CommandDeps, withNote } from '../route-table.ts'
import { workOrderSchema } from '../schemas.ts'

export interface WorkOrderRouteDeps extends CommandDeps {
  readonly records: Pick<Records, 'workOrders'>
  readonly cases: CaseCommands
}

const tag = 'work orders'

export function addWorkOrderRoutes(app: ApiApp, deps: WorkOrderRouteDeps): void {
  const { records } = deps
  addQuery(app, {
    tag,
    url: '/work-orders',
    summary: 'Open work orders: of the user’s crew, or all',
    access: 'signed-in',
    response: z.array(workOrderSchema),
    run: ({ actor }) => listOrders(records, actor),
  })
  addQuery(app, {
    tag,
    url: '/work-orders/:id',
    summary: 'One work order',
    access: 'signed-in',
    response: workOrderSchema,
    run: ({ id, actor }) => requireVisibleOrder(records, id, actor),
  })
  addWorkCommands(app, deps)
}

function addWorkCommands(app: ApiApp, deps: WorkOrderRouteDeps): void {
  const { records, cases } = deps
  const common = { tag, response: workOrderSchema, access: 'order.work' } as const
  const requireOwn = ({ id, actor }: { readonly id: string; readonly actor: User }) =>
    requireVisibleOrder(records, id, actor)
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/accept',
    summary: 'Accept',
    body: noteBody,
    run: async (call) => {
      await requireOwn(call)
      return cases.accept(call.id, withNote(call.context, call.body.note))
    },
  })
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/arrive',
    summary: 'Arrive on site',
    body: noteBody,
    run: async (call) => {
      await requireOwn(call)
      return cases.arrive(call.id, withNote(call.context, call.body.note))
    },
  })
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/done',
    summary: 'Done; the note states what was done',
    body: requiredNoteBody,
    run: async (call) => {
      await requireOwn(call)
      return cases.done(call.id, withNote(call.context, call.body.note))
    },
  })
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/cancel',
    summary: 'Cancel',
    access: 'case.dispatch',
    body: requiredNoteBody,
    run: ({ id, body, context }) => cases.cancel(id, withNote(context, body.note)),
  })
}

function listOrders(records: Pick<Records, 'workOrders'>, user: User): Promise<WorkOrder[]> {
  if (may(user.role, 'console.read')) return records.workOrders.open()
  return user.crew === null ? Promise.resolve([]) : records.workOrders.open(user.crew)
}

/** An order of another crew is NOT_FOUND, so that ids disclose nothing. */
async function requireVisibleOrder(
  records: Pick<Records, 'workOrders'>,
  id: string,
  user: User,
): Promise<WorkOrder> {
  const order = await records.workOrders.get(id)
  const visible = order && (may(user.role, 'console.read') || order.crew === user.crew)
  if (!visible) throw new LinliError('NOT_FOUND', 'no such work order')
  return order
}
