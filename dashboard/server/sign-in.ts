/** Checks a login and a password: a few hashes at a time, the same time for unknown logins, waits after wrong ones. */
import type { Clock } from '../../model/clock.ts'
import { LinliError } from '../../model/errors.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import type { User } from '../../model/user.ts'
import { createBackoff } from './backoff.ts'
import { createGate } from './gate.ts'
import { unknownUserHash, verifyPassword } from './passwords.ts'

export interface Attempt {
  readonly login: string
  readonly password: string
  /** Network address it came from. */
  readonly address: string
}

/** Refused for now: too many wrong passwords, or too many people at once. */
export class SignInDelayed extends LinliError {
  readonly waitMs: number

  constructor(waitMs: number) {
    super('TOO_MANY_REQUESTS', 'too many sign-in attempts; wait a little')
    this.waitMs = waitMs
  }
}

/** Two hashes at once, or the login page becomes a way to stop a hub of two cores. */
const hashing = { atOnce: 2, waiting: 64 }
/** Short at most, or anybody could keep a duty officer out by guessing at the login. */
const perLogin = {
  free: 4,
  firstWait: 1000,
  maxWait: 30_000,
  forgiveAfter: 900_000,
  maxKeys: 10_000,
}
/** A whole office may share one address; a guesser who tries many logins is slowed here. */
const perAddress = { free: 19, firstWait: 1000, maxWait: 300_000, forgiveAfter: 900_000, maxKeys: 10_000 }

/** Returns the user, or throws UNAUTHENTICATED or TOO_MANY_REQUESTS (`SignInDelayed`). */
export type SignIn = (attempt: Attempt) => Promise<User>

export function createSignIn(deps: {
  readonly records: Pick<Records, 'users'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}): SignIn {
  const { clock } = deps
  const gate = createGate(hashing)
  const logins = createBackoff(perLogin)
  const addresses = createBackoff(perAddress)
  const nobody = unknownUserHash()
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
    const checked = await gate.run(() => verifyPassword(attempt.password, user?.passwordHash ?? nobody))
    if (!checked) {
      logins.excuse(login)
      addresses.excuse(attempt.address)
      attempts.add({ outcome: 'busy' })
      throw new SignInDelayed(1000)
    }
    if (!checked.value || !user || user.disabled || !user.passwordHash) {
      attempts.add({ outcome: 'refused' })
      deps.logger.warn({ address: attempt.address, known: user !== undefined }, 'sign-in refused')
      throw new LinliError('UNAUTHENTICATED', 'login or password is wrong')
    }
    logins.forgive(login)
    addresses.excuse(attempt.address)
    attempts.add({ outcome: 'accepted' })
    return user
  }
}
