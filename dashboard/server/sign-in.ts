/** Password check: few hashes at a time, equal time for unknown logins, back-off after failures. */
import type { Clock } from '../../model/clock.ts'
import { LinliError } from '../../model/errors.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import type { User } from '../../model/user.ts'
import { createBackoff } from './backoff.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'
import { unknownUserHash, verifyPassword } from './passwords.ts'

export interface SignInAttempt {
  readonly login: string
  readonly password: string
  /** Network address of the client. */
  readonly address: string
}

/** Refused for now: too many failures, or too many attempts at once. */
export class SignInDelayed extends LinliError {
  readonly waitMs: number

  constructor(waitMs: number) {
    super('TOO_MANY_REQUESTS', 'too many sign-in attempts; wait a little')
    this.waitMs = waitMs
  }
}

/** Two at once, so that sign-ins cannot block a hub with two cores. */
const hashing = { atOnce: 2, waiting: 64 }
/** The maximum is short, or guessing at a login would lock out its duty officer. */
const perLogin = {
  freeAttempts: 4,
  firstWait: 1000,
  maxWait: 30_000,
  resetAfter: 900_000,
  maxKeys: 10_000,
}
/** Generous, because an office may share one address; slows a guesser who tries many logins. */
const perAddress = {
  freeAttempts: 19,
  firstWait: 1000,
  maxWait: 300_000,
  resetAfter: 900_000,
  maxKeys: 10_000,
}

/** Returns the user, or throws UNAUTHENTICATED or TOO_MANY_REQUESTS (`SignInDelayed`). */
export type SignIn = (attempt: SignInAttempt) => Promise<User>

export function createSignIn(deps: {
  readonly records: Pick<Records, 'users'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}): SignIn {
  const { clock } = deps
  const hashLimit = createConcurrencyLimit(hashing)
  const logins = createBackoff(perLogin)
  const addresses = createBackoff(perAddress)
  const unknownHash = unknownUserHash()
  const attempts = deps.metrics.counter('linli_dashboard_sign_ins_total', 'Sign-in attempts by outcome', [
    'outcome',
  ])

  return async (attempt) => {
    const now = clock.now()
    const login = attempt.login.normalize('NFKC')
    const wait = Math.max(logins.wait(login, now), addresses.wait(attempt.address, now))
    if (wait > 0) {
      attempts.add({ outcome: 'delayed' })
      throw new SignInDelayed(wait)
    }
    logins.fail(login, now)
    addresses.fail(attempt.address, now)
    const user = await deps.records.users.get(login)
    const checked = await hashLimit.run(() =>
      verifyPassword(attempt.password, user?.passwordHash ?? unknownHash),
    )
    if (!checked) {
      logins.undo(login)
      addresses.undo(attempt.address)
      attempts.add({ outcome: 'busy' })
      throw new SignInDelayed(1000)
    }
    if (!checked.value || !user || user.disabled || !user.passwordHash) {
      attempts.add({ outcome: 'refused' })
      deps.logger.warn({ address: attempt.address, known: user !== undefined }, 'sign-in refused')
      throw new LinliError('UNAUTHENTICATED', 'login or password is wrong')
    }
    logins.reset(login)
    addresses.undo(attempt.address)
    attempts.add({ outcome: 'accepted' })
    return user
  }
}
