/** Messages between the hub's thread and the history's thread. */
import type { ErrorCode } from '../../model/errors.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { EngineOptions } from './engines.ts'
import type { PumpStatus, PumpWrite } from './pump.ts'

export interface WorkerData {
  readonly options: EngineOptions
  readonly journalPath: string
  /** One Int32: 1 while a notification is pending, so that consecutive appends cost one message. */
  readonly notifyFlag: SharedArrayBuffer
}

export type WorkerQuery =
  | { readonly kind: 'query'; readonly query: HistoryQuery }
  | { readonly kind: 'count'; readonly query: { readonly type: string; readonly device?: string } }

export type ToWorker =
  | { readonly kind: 'notify' }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'request'; readonly id: number; readonly query: WorkerQuery }
  | { readonly kind: 'stop' }

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
}

export type FromWorker =
  /** The engine is open, or is retried until it is. */
  | { readonly kind: 'ready' }
  /** The engine cannot be opened; a retry is useless. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'status'; readonly status: PumpStatus }
  | { readonly kind: 'write'; readonly write: PumpWrite }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: HistoryPoint[] | number }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | {
      readonly kind: 'log'
      readonly level: keyof Logger
      readonly fields: Readonly<Record<string, unknown>>
      readonly message: string
    }
