/** API answers as zod schemas, for the OpenAPI page; `satisfies` checks them against the types of model/. */
import { z } from 'zod'
import { type Alert, alertAttentions, alertConditions } from '../../../model/alert.ts'
import type {
  AlertDetail,
  ApiError,
  CaseDetail,
  DeviceDetail,
  DeviceHistory,
  DeviceSummary,
  StaffMember,
} from '../../../model/api.ts'
import { type Case, caseStates, type WorkOrder, workOrderStates } from '../../../model/case.ts'
import type { Change } from '../../../model/change.ts'
import type { LatestReading } from '../../../model/live-feed.ts'
import type { Crew, Device, Grid, Site } from '../../../model/ports/directory.ts'
import type { HistoryPoint } from '../../../model/ports/history.ts'
import { refusalReasons } from '../../../model/refusal.ts'
import { alertKinds, severities } from '../../../model/severity.ts'
import type { Text } from '../../../model/text.ts'
import { type PublicUser, roles } from '../../../model/user.ts'

const timestamp = z.number().describe('ms since 1970-01-01 UTC')
const nullable = <T extends z.ZodType>(schema: T) => schema.nullable()
const list = <T extends z.ZodType>(schema: T) => z.array(schema).readonly()

const text = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Text' }) satisfies z.ZodType<Text>

export { text as textSchema }

const fieldValues = z
  .record(z.string(), z.union([z.number(), z.boolean(), z.string(), list(z.string())]))
  .meta({ id: 'FieldValues' })

export const alertSchema = z
  .object({
    id: z.string(),
    rule: z.string(),
    ref: z.string(),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    title: text,
    reason: text,
    site: z.string(),
    grid: nullable(z.string()),
    device: z.string(),
    deviceType: z.string(),
    devices: list(z.string()),
    place: text,
    condition: z.enum(alertConditions),
    attention: z.enum(alertAttentions),
    raisedAt: timestamp,
    clearedAt: nullable(timestamp),
    firstSeenAt: timestamp,
    retracted: z.boolean(),
    lateBy: z.number(),
    acknowledgedAt: nullable(timestamp),
    acknowledgedBy: nullable(z.string()),
    shelvedUntil: nullable(timestamp),
    shelvedReason: nullable(z.string()),
    reopenedCount: z.number(),
    inhibitedBy: nullable(z.string()),
    inhibits: list(z.string()),
    caseId: nullable(z.string()),
    evidence: fieldValues,
    version: z.number(),
  })
  .meta({ id: 'Alert' }) satisfies z.ZodType<Alert>

export const caseSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    source: z.enum(['alert', 'resident', 'grid-worker', 'import', 'preventive']),
    alertId: nullable(z.string()),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    title: text,
    site: z.string(),
    grid: nullable(z.string()),
    device: nullable(z.string()),
    place: text,
    state: z.enum(caseStates),
    openedAt: timestamp,
    openedBy: z.string(),
    dueAt: timestamp,
    closedAt: nullable(timestamp),
    reopenedCount: z.number(),
    version: z.number(),
  })
  .meta({ id: 'Case' }) satisfies z.ZodType<Case>

export const workOrderSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    caseId: z.string(),
    crew: z.string(),
    state: z.enum(workOrderStates),
    title: text,
    place: text,
    severity: z.enum(severities),
    kind: z.enum(alertKinds),
    site: z.string(),
    device: nullable(z.string()),
    instructions: z.string(),
    dueAt: timestamp,
    createdAt: timestamp,
    createdBy: z.string(),
    acceptedAt: nullable(timestamp),
    acceptedBy: nullable(z.string()),
    arrivedAt: nullable(timestamp),
    doneAt: nullable(timestamp),
    doneBy: nullable(z.string()),
    doneNote: nullable(z.string()),
    closedAt: nullable(timestamp),
    version: z.number(),
  })
  .meta({ id: 'WorkOrder' }) satisfies z.ZodType<WorkOrder>

const changeBase = {
  seq: z.number(),
  prevSeq: z.number(),
  at: timestamp,
  action: z.string(),
  actor: z.string(),
  note: nullable(z.string()),
}
export const changeSchema = z
  .discriminatedUnion('entity', [
    z.object({ ...changeBase, entity: z.literal('alert'), after: alertSchema }),
    z.object({ ...changeBase, entity: z.literal('case'), after: caseSchema }),
    z.object({ ...changeBase, entity: z.literal('workOrder'), after: workOrderSchema }),
  ])
  .meta({ id: 'Change' }) satisfies z.ZodType<Change>

export const alertDetailSchema = z.object({
  alert: alertSchema,
  case: nullable(caseSchema),
  workOrders: list(workOrderSchema),
  timeline: list(changeSchema),
}) satisfies z.ZodType<AlertDetail>

export const caseDetailSchema = z.object({
  case: caseSchema,
  alert: nullable(alertSchema),
  workOrders: list(workOrderSchema),
  timeline: list(changeSchema),
}) satisfies z.ZodType<CaseDetail>

export const dispatchedSchema = z.object({ case: caseSchema, workOrder: workOrderSchema })

const deviceSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    site: z.string(),
    grid: nullable(z.string()),
    building: nullable(z.string()),
    home: nullable(z.string()),
    circuit: nullable(z.string()),
    gateway: nullable(z.string()),
    name: nullable(text),
    place: text,
    latitude: nullable(z.number()),
    longitude: nullable(z.number()),
    meta: fieldValues,
  })
  .meta({ id: 'Device' }) satisfies z.ZodType<Device>

const latestSchema = z
  .object({
    device: z.string(),
    ts: timestamp,
    receivedAt: timestamp,
    online: z.boolean(),
    values: fieldValues,
  })
  .meta({ id: 'LatestReading' }) satisfies z.ZodType<LatestReading>

export const deviceSummarySchema = z
  .object({
    id: z.string(),
    type: z.string(),
    site: z.string(),
    place: text,
    online: z.boolean(),
    lastSeenAt: nullable(timestamp),
    openAlerts: z.number(),
  })
  .meta({ id: 'DeviceSummary' }) satisfies z.ZodType<DeviceSummary>

export const deviceDetailSchema = z.object({
  device: deviceSchema,
  latest: nullable(latestSchema),
  alerts: list(alertSchema),
}) satisfies z.ZodType<DeviceDetail>

const pointSchema = z.object({
  at: timestamp,
  value: z.union([z.number(), z.string(), z.boolean()]),
  min: z.number().optional(),
  max: z.number().optional(),
  count: z.number().optional(),
}) satisfies z.ZodType<HistoryPoint>

export const deviceHistorySchema = z.object({
  field: z.string(),
  from: timestamp,
  to: timestamp,
  bucket: z.number().describe('width of a bucket in ms; 0 = raw readings'),
  points: list(pointSchema),
  gaps: list(z.object({ from: timestamp, to: timestamp })),
  bands: list(
    z.object({ alertId: z.string(), from: timestamp, to: nullable(timestamp), severity: z.enum(severities) }),
  ),
}) satisfies z.ZodType<DeviceHistory>

export const quarantinedSchema = z
  .object({
    receivedAt: timestamp,
    topic: z.string(),
    device: nullable(z.string()),
    reason: z.string(),
    text: z.string().describe('the payload as UTF-8, at most 4 KiB'),
    base64: z.string().describe('the same bytes, unchanged'),
    size: z.number().describe('size of the whole payload in bytes'),
  })
  .meta({ id: 'QuarantinedMessage' })

export const crewSchema = z.object({
  id: z.string(),
  name: text,
  site: nullable(z.string()),
  deviceTypes: list(z.string()),
}) satisfies z.ZodType<Crew>

const siteSchema = z.object({
  id: z.string(),
  name: text,
  timeZone: z.string(),
  latitude: z.number(),
  longitude: z.number(),
}) satisfies z.ZodType<Site>
const gridSchema = z.object({ id: z.string(), site: z.string(), name: text }) satisfies z.ZodType<Grid>
export const sitesSchema = z.object({ sites: list(siteSchema), grids: list(gridSchema) })

const publicUserSchema = z
  .object({
    login: z.string(),
    name: z.string(),
    role: z.enum(roles),
    crew: nullable(z.string()),
    grid: nullable(z.string()),
    disabled: z.boolean(),
  })
  .meta({ id: 'User' }) satisfies z.ZodType<PublicUser>
export const staffSchema = z
  .object({ login: z.string(), name: z.string(), role: z.enum(roles) })
  .meta({ id: 'StaffMember' }) satisfies z.ZodType<StaffMember>
export const signedInSchema = z.object({ user: publicUserSchema, expiresAt: timestamp })

export const apiErrorSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    reason: z.enum(refusalReasons).optional(),
    problems: list(
      z.object({
        path: z.string().optional(),
        line: z.number().optional(),
        column: z.number().optional(),
        message: z.string(),
        text: text.optional(),
      }),
    ).optional(),
  })
  .meta({ id: 'Error' }) satisfies z.ZodType<ApiError>
