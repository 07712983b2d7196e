/** Coded errors: one table for logs, metrics, HTTP answers and tests. */
import type { RefusalReason } from './refusal.ts'
import type { Text } from './text.ts'

/** `code -> HTTP status` of every error that may reach a person or a caller. */
export const errorCodes = {
  CONFIG_INVALID: 500,
  COMMUNITY_INVALID: 400,
  RULES_INVALID: 400,
  LOG_INVALID: 400,
  USAGE: 400,
  GOALS_MISSED: 500,
  DATA_DIR_IN_USE: 500,
  JOURNAL_FAILED: 503,
  JOURNAL_FULL: 503,
  STORAGE_CORRUPT: 500,
  STORAGE_FAILED: 503,
  HISTORY_UNAVAILABLE: 503,
  BROKER_UNREACHABLE: 503,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  INVALID_INPUT: 400,
  TOO_MANY_REQUESTS: 429,
} as const

export type ErrorCode = keyof typeof errorCodes

/** One problem at one position; a refusal lists all of them. */
export interface Problem {
  /** The source, e.g. `community.yaml` or `body`. */
  readonly source: string
  /** 1-based, when the source has lines. */
  readonly line?: number
  readonly column?: number
  /** Path inside the source, e.g. `homes[3].residents[0].phone`. */
  readonly path?: string
  readonly message: string
  /** The message for a screen, if any. */
  readonly text?: Text
}

/** An error with a code, its cause, and all problems found. */
export class LinliError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  /** For a refused command: the reason as a code. */
  readonly reason: RefusalReason | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly Problem[]; reason?: RefusalReason } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'LinliError'
    this.code = code
    this.problems = options.problems ?? []
    this.reason = options.reason
  }

  get status(): number {
    return errorCodes[this.code]
  }
}

/** `file:line:column path: message`, a form that editors can link. */
export function formatProblem(problem: Problem): string {
  const place = [problem.source, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  return problem.path ? `${place} ${problem.path}: ${problem.message}` : `${place}: ${problem.message}`
}
