/** `/work-orders`: a crew sees and works on its own orders; console users see all. */
import { z } from 'zod'
import { noteBody, requiredNoteBody } from '../../../../model/api.ts'
import type { WorkOrder } from '../../../../model/case.ts'
import { LinliError } from '../../../../model/errors.ts'
import type { CaseCommands } from '../../../../model/ports/commands.ts'
import type { Records } from '../../../../model/ports/records.ts'
import { may, type User } from '../../../../model/user.ts'
import { identityOf } from '../access.ts'
import type { ApiApp } from '../api-app.ts'
import { addCommand, type CommandDeps, idParams, withNote } from '../commands.ts'
import { apiErrorSchema, workOrderSchema } from '../schemas.ts'

export interface WorkOrderRouteDeps extends CommandDeps {
  readonly records: Pick<Records, 'workOrders'>
  readonly cases: CaseCommands
}

const tag = 'work orders'

export function addWorkOrderRoutes(app: ApiApp, deps: WorkOrderRouteDeps): void {
  const { records } = deps
  app.get(
    '/work-orders',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: [tag],
        summary: 'Open work orders: of the user’s crew, or all',
        response: { 200: z.array(workOrderSchema), '4xx': apiErrorSchema },
      },
    },
    async (request) => listOrders(records, identityOf(request).user),
  )
  app.get(
    '/work-orders/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: [tag],
        summary: 'One work order',
        params: idParams,
        response: { 200: workOrderSchema, '4xx': apiErrorSchema },
      },
    },
    async (request) => requireVisibleOrder(records, request.params.id, identityOf(request).user),
  )
  addWorkCommands(app, deps)
}

function addWorkCommands(app: ApiApp, deps: WorkOrderRouteDeps): void {
  const { records, cases } = deps
  const common = { tag, answer: workOrderSchema, access: 'order.work' } as const
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/accept',
    summary: 'Accept',
    body: noteBody,
    run: async ({ id, body, actor, context }) => {
      await requireVisibleOrder(records, id, actor)
      return cases.accept(id, withNote(context, body.note))
    },
  })
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/arrive',
    summary: 'Arrive on site',
    body: noteBody,
    run: async ({ id, body, actor, context }) => {
      await requireVisibleOrder(records, id, actor)
      return cases.arrive(id, withNote(context, body.note))
    },
  })
  addCommand(app, deps, {
    ...common,
    url: '/work-orders/:id/done',
    summary: 'Done; the note states what was done',
    body: requiredNoteBody,
    run: async ({ id, body, actor, context }) => {
      await requireVisibleOrder(records, id, actor)
      return cases.done(id, withNote(context, body.note))
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
