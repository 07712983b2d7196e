/** The records: alerts, cases, change log, users, rule state. SQLite by default, PostgreSQL when scaled out. */
import type { Alert } from '../alert.ts'
import type { Case, WorkOrder } from '../case.ts'
import type { Change, FeedCursor, NewChange } from '../change.ts'
import type { LatestReading } from '../live-feed.ts'
import type { RuleVersion } from '../rule-version.ts'
import type { Session, User } from '../user.ts'

/** Everything one transaction can read and write. Calls outside a transaction are their own transaction. */
export interface RecordsTx {
  readonly alerts: {
    get(id: string): Promise<Alert | undefined>
    put(alert: Alert): Promise<void>
    /** `isOpen`: still active, or not yet acknowledged. */
    open(): Promise<Alert[]>
    /** Newest first by raisedAt. */
    find(query: AlertQuery): Promise<Alert[]>
  }
  readonly cases: {
    get(id: string): Promise<Case | undefined>
    put(value: Case): Promise<void>
    /** Not closed. */
    open(): Promise<Case[]>
    /** Newest first by openedAt. */
    recent(limit: number): Promise<Case[]>
    /** The next running number of a local day, e.g. 7 for `20260301`: 1, 2, 3 … */
    nextNumber(day: string): Promise<number>
  }
  readonly workOrders: {
    get(id: string): Promise<WorkOrder | undefined>
    put(value: WorkOrder): Promise<void>
    ofCase(caseId: string): Promise<WorkOrder[]>
    /** Neither closed nor cancelled; of one crew if given. */
    open(crew?: string): Promise<WorkOrder[]>
  }
  readonly changes: {
    /** Assigns the seq and stores the change. */
    append(change: NewChange): Promise<Change>
    after(seq: number, limit: number): Promise<Change[]>
    /** Changes of one entity, oldest first. */
    of(entity: Change['entity'], id: string): Promise<Change[]>
    head(): Promise<FeedCursor>
    /** Oldest seq stored; 0 when empty. */
    firstSeq(): Promise<number>
    /** Deletes changes made before `at`; their seqs are never reused. */
    trim(at: number): Promise<number>
  }
  /** Named positions of readers in the journal. */
  readonly cursors: {
    get(name: string): Promise<number>
    set(name: string, seq: number): Promise<void>
  }
  /** Snapshots of rule state: key -> JSON text, written together with the cursor. */
  readonly ruleState: {
    /** Reads page by page; there must be no `save` meanwhile. */
    load(): Promise<ReadonlyMap<string, string>>
    /** `null` deletes the key. */
    save(rows: ReadonlyMap<string, string | null>): Promise<void>
    /** As `save`, in several transactions: `load` does not return the rows before `commitStaged`. */
    stage(rows: ReadonlyMap<string, string | null>): Promise<void>
    /** Saves all staged rows. */
    commitStaged(): Promise<void>
    /** Deletes staged rows that an interrupted snapshot has left. */
    discardStaged(): Promise<void>
  }
  /** Saved versions of rules. Append-only: a version is never changed and never deleted. */
  readonly rules: {
    /** Throws CONFLICT when the rule already has that version. */
    append(version: RuleVersion): Promise<void>
    /** The newest version of each rule that has one, by rule id. */
    newest(): Promise<RuleVersion[]>
    /** All versions of one rule, newest first. */
    of(rule: string): Promise<RuleVersion[]>
  }
  /** Newest reading of each device, so that last-seen survives a restart. Written together with its cursor. */
  readonly latest: {
    load(): Promise<LatestReading[]>
    save(readings: readonly LatestReading[]): Promise<void>
  }
  readonly users: {
    get(login: string): Promise<User | undefined>
    put(user: User): Promise<void>
    list(): Promise<User[]>
  }
  readonly sessions: {
    get(idHash: string): Promise<Session | undefined>
    put(session: Session): Promise<void>
    delete(idHash: string): Promise<void>
    deleteOfUser(login: string): Promise<void>
    deleteExpired(now: number): Promise<number>
  }
  /** SHA-256 of each device's secret (random, 128 bits or more, so a fast hash is sufficient). */
  readonly credentials: {
    all(): Promise<ReadonlyMap<string, DeviceCredential>>
    put(device: string, credential: DeviceCredential): Promise<void>
  }
  /** Answers of commands by idempotency key, so that a repeated tap runs a command once. */
  readonly idempotency: {
    get(key: string): Promise<string | undefined>
    put(key: string, answer: string, at: number): Promise<void>
    deleteBefore(at: number): Promise<number>
  }
}

export interface AlertQuery {
  readonly device?: string
  readonly site?: string
  /** Overlapping this span of event time, ms. */
  readonly from?: number
  readonly to?: number
  readonly limit: number
}

export interface DeviceCredential {
  readonly secretHash: string
  readonly revokedAt: number | null
}

export interface Records extends RecordsTx {
  /** All or nothing, one at a time, on disk when it resolves. */
  transaction<T>(work: (tx: RecordsTx) => Promise<T>): Promise<T>
  close(): Promise<void>
}
