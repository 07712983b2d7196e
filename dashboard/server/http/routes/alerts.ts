/** `/alerts`: the list, one alert with its timeline, and the commands on it. */
import { z } from 'zod'
import type { Alert } from '../../../../model/alert.ts'
import {
  type AlertDetail,
  alertsQuery,
  dispatchBody,
  noteBody,
  requiredNoteBody,
  shelveBody,
} from '../../../../model/api.ts'
import type { Change } from '../../../../model/change.ts'
import { LinliError } from '../../../../model/errors.ts'
import type { AlertCommands, CaseCommands } from '../../../../model/ports/commands.ts'
import type { Records } from '../../../../model/ports/records.ts'
import { type ApiApp, addCommand, addQuery, type CommandDeps, withNote } from '../route-table.ts'
import { alertDetailSchema, alertSchema, dispatchedSchema } from '../schemas.ts'

export interface AlertRouteDeps extends CommandDeps {
  readonly records: Records
  readonly alerts: AlertCommands
  readonly cases: CaseCommands
}

const tag = 'alerts'

export function addAlertRoutes(app: ApiApp, deps: AlertRouteDeps): void {
  const { records } = deps
  addQuery(app, {
    tag,
    url: '/alerts',
    summary: 'Open alerts (all of them; `limit` is ignored), or the newest of all',
    access: 'console.read',
    query: alertsQuery,
    response: z.array(alertSchema),
    run: ({ query }) => listAlerts(records, query),
  })
  addQuery(app, {
    tag,
    url: '/alerts/:id',
    summary: 'One alert with its case, work orders and timeline',
    access: 'console.read',
    response: alertDetailSchema,
    run: ({ id }) => alertDetail(records, id),
  })
  addAttentionCommands(app, deps)
  addConditionCommands(app, deps)
  addDispatch(app, deps)
}

function addAttentionCommands(app: ApiApp, deps: AlertRouteDeps): void {
  const common = { tag, response: alertSchema } as const
  addCommand(app, deps, {
    ...common,
    url: '/alerts/:id/acknowledge',
    summary: 'Acknowledge',
    access: 'alert.handle',
    body: noteBody,
    run: ({ id, body, context }) => deps.alerts.acknowledge(id, withNote(context, body.note)),
  })
  addCommand(app, deps, {
    ...common,
    url: '/alerts/:id/unacknowledge',
    summary: 'Undo an acknowledgement',
    access: 'alert.handle',
    body: noteBody,
    run: ({ id, body, context }) => deps.alerts.unacknowledge(id, withNote(context, body.note)),
  })
  addCommand(app, deps, {
    ...common,
    url: '/alerts/:id/shelve',
    summary: 'Shelve until a time, with a reason',
    access: 'alert.shelve',
    body: shelveBody,
    run: ({ id, body, context }) => deps.alerts.shelve(id, body.until, withNote(context, body.note)),
  })
}

function addConditionCommands(app: ApiApp, deps: AlertRouteDeps): void {
  const common = { tag, response: alertSchema, access: 'alert.handle', body: requiredNoteBody } as const
  addCommand(app, deps, {
    ...common,
    url: '/alerts/:id/reopen',
    summary: 'Reopen a cleared alert: the problem is not solved',
    run: ({ id, body, context }) => deps.alerts.reopen(id, withNote(context, body.note)),
  })
  addCommand(app, deps, {
    ...common,
    url: '/alerts/:id/clear',
    summary: 'Clear by hand: the problem is solved although the device does not report it',
    run: ({ id, body, context }) => deps.alerts.clear(id, withNote(context, body.note)),
  })
}

function addDispatch(app: ApiApp, deps: AlertRouteDeps): void {
  addCommand(app, deps, {
    tag,
    url: '/alerts/:id/dispatch',
    summary: 'Assign a crew: opens a case if there is none, and a work order in it',
    access: 'case.dispatch',
    body: dispatchBody,
    response: dispatchedSchema,
    run: ({ id, body, context }) => deps.cases.dispatch(id, body, context),
  })
}

/** The open list has no limit and no time window: an active alert must never be left out. */
async function listAlerts(records: Records, query: z.output<typeof alertsQuery>): Promise<Alert[]> {
  const { state, ...rest } = query
  if (state === 'all') return records.alerts.find(rest)
  const open = await records.alerts.open()
  return open.filter(
    (alert) =>
      (query.site === undefined || alert.site === query.site) &&
      (query.device === undefined || isAboutDevice(alert, query.device)),
  )
}

/** True when the alert is about the device, alone or among several. */
export function isAboutDevice(alert: Alert, device: string): boolean {
  return alert.device === device || alert.devices.includes(device)
}

async function alertDetail(records: Records, id: string): Promise<AlertDetail> {
  const alert = await records.alerts.get(id)
  if (!alert) throw new LinliError('NOT_FOUND', 'no such alert')
  const found = alert.caseId === null ? undefined : await records.cases.get(alert.caseId)
  const workOrders = found ? await records.workOrders.ofCase(found.id) : []
  const timeline = await timelineOf(records, [
    { entity: 'alert', id },
    ...(found ? [{ entity: 'case', id: found.id } as const] : []),
    ...workOrders.map((order) => ({ entity: 'workOrder', id: order.id }) as const),
  ])
  return { alert, case: found ?? null, workOrders, timeline }
}

/** All changes of these entities, oldest first. */
export async function timelineOf(
  records: Pick<Records, 'changes'>,
  entities: readonly { readonly entity: Change['entity']; readonly id: string }[],
): Promise<Change[]> {
  const changes = await Promise.all(entities.map(({ entity, id }) => records.changes.of(entity, id)))
  return changes.flat().sort((a, b) => a.seq - b.seq)
}
