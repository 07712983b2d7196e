/** Answers of the API as zod schemas, for the OpenAPI page; the compiler holds them to the types of model/. */
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

const time = z.number().describe('ms since 1970-01-01 UTC')
const perhaps = <T extends z.ZodType>(schema: T) => schema.nullable()
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
    grid: perhaps(z.string()),
    device: z.string(),
    deviceType: z.string(),
    devices: list(z.string()),
    place: text,
    condition: z.enum(alertConditions),
    attention: z.enum(alertAttentions),
    raisedAt: time,
    clearedAt: perhaps(time),
    firstSeenAt: time,
    retracted: z.boolean(),
    lateBy: z.number(),
    acknowledgedAt: perhaps(time),
    acknowledgedBy: perhaps(z.string()),
    shelvedUntil: perhaps(time),
    shelvedReason: perhaps(z.string()),
    reopenedCount: z.number(),
    inhibitedBy: perhaps(z.string()),
    inhibits: list(z.string()),
    caseId: perhaps(z.string()),
    evidence: fieldValues,
    version: z.number(),
  })
  .meta({ id: 'Alert' }) satisfies z.ZodType<Alert>

export const caseSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    source: z.enum(['alert', 'resident', 'grid-worker', 'import', 'preventive']),
    alertId: perhaps(z.string()),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    title: text,
    site: z.string(),
    grid: perhaps(z.string()),
    device: perhaps(z.string()),
    place: text,
    state: z.enum(caseStates),
    openedAt: time,
    openedBy: z.string(),
    dueAt: time,
    closedAt: perhaps(time),
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
    device: perhaps(z.string()),
    instructions: z.string(),
    dueAt: time,
    createdAt: time,
    createdBy: z.string(),
    acceptedAt: perhaps(time),
    acceptedBy: perhaps(z.string()),
    arrivedAt: perhaps(time),
    doneAt: perhaps(time),
    doneBy: perhaps(z.string()),
    doneNote: perhaps(z.string()),
    closedAt: perhaps(time),
    version: z.number(),
  })
  .meta({ id: 'WorkOrder' }) satisfies z.ZodType<WorkOrder>

const changeBase = {
  seq: z.number(),
  prevSeq: z.number(),
  at: time,
  action: z.string(),
  actor: z.string(),
  note: perhaps(z.string()),
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
  case: perhaps(caseSchema),
  workOrders: list(workOrderSchema),
  timeline: list(changeSchema),
}) satisfies z.ZodType<AlertDetail>

export const caseDetailSchema = z.object({
  case: caseSchema,
  alert: perhaps(alertSchema),
  workOrders: list(workOrderSchema),
  timeline: list(changeSchema),
}) satisfies z.ZodType<CaseDetail>

export const dispatchedSchema = z.object({ case: caseSchema, workOrder: workOrderSchema })

const deviceSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    site: z.string(),
    grid: perhaps(z.string()),
    building: perhaps(z.string()),
    home: perhaps(z.string()),
    circuit: perhaps(z.string()),
    gateway: perhaps(z.string()),
    name: perhaps(text),
    place: text,
    latitude: perhaps(z.number()),
    longitude: perhaps(z.number()),
    meta: fieldValues,
  })
  .meta({ id: 'Device' }) satisfies z.ZodType<Device>

const latestSchema = z
  .object({
    device: z.string(),
    ts: time,
    receivedAt: time,
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
    lastSeenAt: perhaps(time),
    openAlerts: z.number(),
  })
  .meta({ id: 'DeviceSummary' }) satisfies z.ZodType<DeviceSummary>

export const deviceDetailSchema = z.object({
  device: deviceSchema,
  latest: perhaps(latestSchema),
  alerts: list(alertSchema),
}) satisfies z.ZodType<DeviceDetail>

const pointSchema = z.object({
  at: time,
  value: z.union([z.number(), z.string(), z.boolean()]),
  min: z.number().optional(),
  max: z.number().optional(),
  count: z.number().optional(),
}) satisfies z.ZodType<HistoryPoint>

export const deviceHistorySchema = z.object({
  field: z.string(),
  from: time,
  to: time,
  bucket: z.number().describe('width of a bucket in ms; 0 = raw readings'),
  points: list(pointSchema),
  gaps: list(z.object({ from: time, to: time })),
  bands: list(z.object({ alertId: z.string(), from: time, to: perhaps(time), severity: z.enum(severities) })),
}) satisfies z.ZodType<DeviceHistory>

export const quarantinedSchema = z
  .object({
    receivedAt: time,
    topic: z.string(),
    device: perhaps(z.string()),
    reason: z.string(),
    text: z.string().describe('the payload read as UTF-8, at most 4 KiB of it'),
    base64: z.string().describe('the same bytes as they came'),
    size: z.number().describe('bytes of the whole payload'),
  })
  .meta({ id: 'QuarantinedMessage' })

export const crewSchema = z.object({
  id: z.string(),
  name: text,
  site: perhaps(z.string()),
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
    crew: perhaps(z.string()),
    grid: perhaps(z.string()),
    disabled: z.boolean(),
  })
  .meta({ id: 'User' }) satisfies z.ZodType<PublicUser>
export const staffSchema = z
  .object({ login: z.string(), name: z.string(), role: z.enum(roles) })
  .meta({ id: 'StaffMember' }) satisfies z.ZodType<StaffMember>
export const signedInSchema = z.object({ user: publicUserSchema, expiresAt: time })

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
