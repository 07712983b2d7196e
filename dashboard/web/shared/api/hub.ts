/** Typed functions for the API routes that the web apps use. */
import { type InjectionKey, inject } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type {
  AlertDetail,
  CaseDetail,
  DeviceDetail,
  DeviceHistory,
  DeviceSummary,
  StaffMember,
} from '../../../../model/api.ts'
import type { Case, WorkOrder } from '../../../../model/case.ts'
import type { Problem } from '../../../../model/errors.ts'
import type { Crew, Grid, Site } from '../../../../model/ports/directory.ts'
import type { RuleDetail, RuleSave, RuleSummary, RuleTemplate } from '../../../../model/rule-registry.ts'
import type { TrialState } from '../../../../model/rule-trial.ts'
import type { RuleVersion } from '../../../../model/rule-version.ts'
import type { PublicUser } from '../../../../model/user.ts'
import type { Api } from './client.ts'

export type AlertCommand = 'acknowledge' | 'unacknowledge' | 'reopen' | 'clear'
export type OrderCommand = 'accept' | 'arrive' | 'done' | 'cancel'

/** A quarantined message. */
export interface QuarantineRow {
  readonly receivedAt: number
  readonly topic: string
  readonly reason: string
  /** The payload as UTF-8, at most 4 KiB. */
  readonly text: string
  /** Size of the whole payload, bytes. */
  readonly size: number
}
export type RuleListItem = RuleSummary & { readonly openAlerts: number }

/** The signed-in user and the end of the session (ms). */
export interface SignedIn {
  readonly user: PublicUser
  readonly expiresAt: number
}

const id = encodeURIComponent
const query = (values: Record<string, string | number | undefined>): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}
const noteOf = (note: string | undefined): object => (note ? { note } : {})

export function createHub(api: Api) {
  return {
    login: (login: string, password: string) => api.post<SignedIn>('login', { login, password }),
    logout: () => api.post<unknown>('logout'),
    me: () => api.get<SignedIn>('me'),

    alerts: (values: {
      state?: 'open' | 'all'
      from?: number
      to?: number
      device?: string
      limit?: number
    }) => api.get<readonly Alert[]>(`alerts${query(values)}`),
    alert: (alertId: string) => api.get<AlertDetail>(`alerts/${id(alertId)}`),
    alertCommand: (alertId: string, command: AlertCommand, note?: string) =>
      api.post<Alert>(`alerts/${id(alertId)}/${command}`, noteOf(note)),
    shelve: (alertId: string, until: number, note: string) =>
      api.post<Alert>(`alerts/${id(alertId)}/shelve`, { until, note }),
    dispatch: (alertId: string, crew: string, instructions: string) =>
      api.post<{ case: Case; workOrder: WorkOrder }>(`alerts/${id(alertId)}/dispatch`, {
        crew,
        instructions,
      }),

    cases: (state: 'open' | 'all') => api.get<readonly Case[]>(`cases${query({ state })}`),
    case: (caseId: string) => api.get<CaseDetail>(`cases/${id(caseId)}`),
    caseCommand: (caseId: string, command: 'close' | 'reopen', note?: string) =>
      api.post<Case>(`cases/${id(caseId)}/${command}`, noteOf(note)),
    orderCommand: (orderId: string, command: OrderCommand, note?: string) =>
      api.post<WorkOrder>(`work-orders/${id(orderId)}/${command}`, noteOf(note)),

    devices: () => api.get<readonly DeviceSummary[]>('devices'),
    device: (deviceId: string) => api.get<DeviceDetail>(`devices/${id(deviceId)}`),
    history: (deviceId: string, values: { field: string; from: number; to: number; points: number }) =>
      api.get<DeviceHistory>(`devices/${id(deviceId)}/history${query(values)}`),
    quarantine: (deviceId: string) => api.get<readonly QuarantineRow[]>(`devices/${id(deviceId)}/quarantine`),

    rules: () => api.get<readonly RuleListItem[]>('rules'),
    rule: (ruleId: string) => api.get<RuleDetail>(`rules/${id(ruleId)}`),
    ruleTemplates: () => api.get<readonly RuleTemplate[]>('rule-templates'),
    checkRule: (ruleId: string, text: string, isNew: boolean) =>
      api.post<{ problems: readonly Problem[] }>(`rules/${id(ruleId)}/check`, { text, isNew }),
    saveRule: (ruleId: string, wish: RuleSave) => api.put<RuleVersion>(`rules/${id(ruleId)}`, wish),
    tryRule: (ruleId: string, text: string, days: number) =>
      api.post<TrialState>(`rules/${id(ruleId)}/try`, { text, days }),
    trial: (ruleId: string) => api.get<{ trial: TrialState | null }>(`rules/${id(ruleId)}/trial`),
    cancelTrial: (ruleId: string) =>
      api.post<{ trial: TrialState | null }>(`rules/${id(ruleId)}/trial/cancel`),

    crews: () => api.get<readonly Crew[]>('crews'),
    staff: () => api.get<readonly StaffMember[]>('staff'),
    sites: () => api.get<{ sites: readonly Site[]; grids: readonly Grid[] }>('sites'),
  }
}

export type Hub = ReturnType<typeof createHub>

export const hubKey: InjectionKey<Hub> = Symbol('hub')

export function useHub(): Hub {
  const hub = inject(hubKey)
  if (!hub) throw new Error('no hub was provided to the app')
  return hub
}
