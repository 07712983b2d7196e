/** Requests to the HTTP API: same-origin cookie, JSON, coded errors, one idempotency key per command. */
import type { ApiError } from '../../../../model/api.ts'

/** A refusal by the server, or no answer (`code` OFFLINE, `status` 0). */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly reason: ApiError['reason']
  readonly problems: NonNullable<ApiError['problems']>

  constructor(status: number, error: ApiError) {
    super(error.message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = error.code
    this.reason = error.reason
    this.problems = error.problems ?? []
  }
}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>

export interface ApiDeps {
  readonly fetch: Fetch
  /** Returns a unique idempotency key. */
  readonly newKey: () => string
  /** Called when the server no longer accepts the session. */
  readonly onSignedOut: () => void
}

export interface Api {
  get<T>(path: string): Promise<T>
  /** Sends a command. Without an answer it is sent once more under the same key, so it cannot run twice. */
  post<T>(path: string, body?: object): Promise<T>
  /** As `post`, with method PUT. */
  put<T>(path: string, body: object): Promise<T>
}

const base = '/api/v1/'
/** Longer than any command takes on a healthy hub. */
const TIMEOUT_MS = 10_000

export function createApi(deps: ApiDeps): Api {
  const send = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await answerOf(
      deps.fetch(base + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
    )
    if (response.ok) return (await bodyOf(response)) as T
    const failure = new ApiFailure(response.status, await errorOf(response))
    if (failure.status === 401 && path !== 'login') deps.onSignedOut()
    throw failure
  }

  const command = async <T>(method: 'POST' | 'PUT', path: string, body: object): Promise<T> => {
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'idempotency-key': deps.newKey(),
      },
      body: JSON.stringify(body),
    }
    try {
      return await send<T>(path, init)
    } catch (error) {
      if (error instanceof ApiFailure && error.status > 0) throw error
      return send<T>(path, init)
    }
  }

  return {
    get: (path) => send(path, { method: 'GET', headers: { accept: 'application/json' } }),
    post: (path, body = {}) => command('POST', path, body),
    put: (path, body) => command('PUT', path, body),
  }
}

async function answerOf(request: Promise<Response>): Promise<Response> {
  try {
    return await request
  } catch (cause) {
    throw new ApiFailure(0, {
      code: 'OFFLINE',
      message: cause instanceof Error ? cause.message : 'no answer',
    })
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  return response.status === 204 ? undefined : response.json()
}

/** The coded error, or code OTHER when a proxy answered instead of the hub. */
async function errorOf(response: Response): Promise<ApiError> {
  const other = { code: 'OTHER', message: `HTTP ${response.status}` }
  try {
    const body: unknown = await response.json()
    return isApiError(body) ? body : other
  } catch {
    return other
  }
}

function isApiError(body: unknown): body is ApiError {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
