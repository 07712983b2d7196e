/** What the hub's thread and the history's thread say to each other. */
import type { ErrorCode } from '../../model/errors.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { EngineOptions } from './engines.ts'
import type { PumpStatus, PumpWrite } from './pump.ts'

export interface WorkerData {
  readonly options: EngineOptions
  readonly journalPath: string
  /** One Int32: 1 while a wake is under way, so that appends in a row cost one message. */
  readonly wakeFlag: SharedArrayBuffer
}

export type Question =
  | { readonly kind: 'query'; readonly query: HistoryQuery }
  | { readonly kind: 'count'; readonly query: { readonly type: string; readonly device?: string } }

export type ToWorker =
  | { readonly kind: 'wake' }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'stop' }

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
}

export type FromWorker =
  /** The engine is open, or will be tried again and again. */
  | { readonly kind: 'ready' }
  /** The engine can never be opened as things stand. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'status'; readonly status: PumpStatus }
  | { readonly kind: 'write'; readonly write: PumpWrite }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: HistoryPoint[] | number }
  | { readonly kind: 'fault'; readonly id: number; readonly failure: Failure }
  | {
      readonly kind: 'log'
      readonly level: keyof Logger
      readonly fields: Readonly<Record<string, unknown>>
      readonly message: string
    }
