/** `/cases`: the list, one case with its timeline, and the commands on it. */
import { z } from 'zod'
import { type CaseDetail, noteBody, requiredNoteBody } from '../../../../model/api.ts'
import { LinliError } from '../../../../model/errors.ts'
import type { CaseCommands } from '../../../../model/ports/commands.ts'
import type { Records } from '../../../../model/ports/records.ts'
import { type ApiApp, addCommand, addQuery, type CommandDeps, withNote } from '../route-table.ts'
import { caseDetailSchema, caseSchema } from '../schemas.ts'
import { timelineOf } from './alerts.ts'

export interface CaseRouteDeps extends CommandDeps {
  readonly records: Records
  readonly cases: CaseCommands
}

const tag = 'cases'
const casesQuery = z.strictObject({
  state: z.enum(['open', 'all']).default('all'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})

export function addCaseRoutes(app: ApiApp, deps: CaseRouteDeps): void {
  const { records } = deps
  addQuery(app, {
    tag,
    url: '/cases',
    summary: 'The newest cases, or all open ones',
    access: 'console.read',
    query: casesQuery,
    response: z.array(caseSchema),
    run: async ({ query }) =>
      query.state === 'open' ? records.cases.open() : records.cases.recent(query.limit),
  })
  addQuery(app, {
    tag,
    url: '/cases/:id',
    summary: 'One case with its alert, work orders and timeline',
    access: 'console.read',
    response: caseDetailSchema,
    run: ({ id }) => caseDetail(records, id),
  })
  addCaseCommands(app, deps)
}

function addCaseCommands(app: ApiApp, deps: CaseRouteDeps): void {
  const common = { tag, response: caseSchema, access: 'case.close' } as const
  addCommand(app, deps, {
    ...common,
    url: '/cases/:id/close',
    summary: 'Close: the problem is solved',
    body: noteBody,
    run: ({ id, body, context }) => deps.cases.close(id, withNote(context, body.note)),
  })
  addCommand(app, deps, {
    ...common,
    url: '/cases/:id/reopen',
    summary: 'Reopen: the problem is not solved',
    body: requiredNoteBody,
    run: ({ id, body, context }) => deps.cases.reopen(id, withNote(context, body.note)),
  })
}

async function caseDetail(records: Records, id: string): Promise<CaseDetail> {
  const found = await records.cases.get(id)
  if (!found) throw new LinliError('NOT_FOUND', 'no such case')
  const [alert, workOrders] = await Promise.all([
    found.alertId === null ? undefined : records.alerts.get(found.alertId),
    records.workOrders.ofCase(id),
  ])
  const timeline = await timelineOf(records, [
    ...(alert ? [{ entity: 'alert', id: alert.id } as const] : []),
    { entity: 'case', id },
    ...workOrders.map((order) => ({ entity: 'workOrder', id: order.id }) as const),
  ])
  return { case: found, alert: alert ?? null, workOrders, timeline }
}
