/** The tables of the records: complete documents as JSON text, and the columns used in queries. Times in ms. */

export interface AlertTable {
  id: string
  device: string
  site: string
  raised_at: number
  cleared_at: number | null
  /** 1 or 0: `isOpen`. */
  open: number
  doc: string
}

/** Further devices of an alert about several, for queries by device. */
export interface AlertDeviceTable {
  alert_id: string
  device: string
}

export interface CaseTable {
  id: string
  state: string
  opened_at: number
  doc: string
}

export interface CaseNumberTable {
  day: string
  last: number
}

export interface WorkOrderTable {
  id: string
  case_id: string
  crew: string
  created_at: number
  /** 1 or 0: neither closed nor cancelled. */
  open: number
  doc: string
}

/** One row: the position of the change log. */
export interface ChangeHeadTable {
  id: number
  epoch: string
  seq: number
}

export interface ChangeTable {
  seq: number
  at: number
  entity: string
  entity_id: string
  /** The whole change, its numbers included. */
  doc: string
}

export interface CursorTable {
  name: string
  seq: number
}

export interface RuleStateTable {
  key: string
  value: string
}

export interface RuleStateStagedTable {
  key: string
  /** null = to be deleted. */
  value: string | null
}

export interface RuleVersionTable {
  rule: string
  version: number
  at: number
  after_seq: number
  doc: string
}

export interface LatestTable {
  device: string
  doc: string
}

export interface UserTable {
  login: string
  doc: string
}

export interface SessionTable {
  id_hash: string
  login: string
  expires_at: number
  doc: string
}

export interface CredentialTable {
  device: string
  secret_hash: string
  revoked_at: number | null
}

export interface IdempotencyTable {
  key: string
  answer: string
  at: number
}

export interface Tables {
  alerts: AlertTable
  alert_devices: AlertDeviceTable
  cases: CaseTable
  case_numbers: CaseNumberTable
  work_orders: WorkOrderTable
  change_head: ChangeHeadTable
  changes: ChangeTable
  cursors: CursorTable
  rule_state: RuleStateTable
  rule_state_staged: RuleStateStagedTable
  rule_versions: RuleVersionTable
  latest: LatestTable
  users: UserTable
  sessions: SessionTable
  credentials: CredentialTable
  idempotency: IdempotencyTable
}
