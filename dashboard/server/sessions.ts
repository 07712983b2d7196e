/** Sign-ins: a random id in a cookie, only its hash in the records. */
import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Records } from '../../model/ports/records.ts'
import type { Session, User } from '../../model/user.ts'

/** Who is asking, and by which sign-in. */
export interface Identity {
  readonly user: User
  readonly session: Session
}

export interface Sessions {
  /** Opens a sign-in; `id` goes into the cookie and is kept nowhere. */
  open(user: User): Promise<{ readonly id: string; readonly session: Session }>
  /** Undefined when the id is unknown or over, or its user is gone or disabled. */
  identify(id: string | undefined): Promise<Identity | undefined>
  /** As `identify`, for a sign-in that is known by its hash already. */
  recheck(idHash: string): Promise<Identity | undefined>
  close(idHash: string): Promise<void>
  closeAllOf(login: string): Promise<void>
  /** Forgets those that are over; returns how many. */
  sweep(): Promise<number>
}

const ID_BYTES = 32
const idPattern = /^[A-Za-z0-9_-]{43}$/

export function createSessions(
  options: { readonly sessionHours: number },
  deps: { readonly records: Pick<Records, 'sessions' | 'users'>; readonly clock: Clock },
): Sessions {
  const { records, clock } = deps
  const recheck = async (idHash: string): Promise<Identity | undefined> => {
    const session = await records.sessions.get(idHash)
    if (!session || session.expiresAt <= clock.now()) return undefined
    const user = await records.users.get(session.login)
    return user && !user.disabled ? { user, session } : undefined
  }
  return {
    async open(user) {
      const id = randomBytes(ID_BYTES).toString('base64url')
      const createdAt = clock.now()
      const expiresAt = createdAt + options.sessionHours * 3_600_000
      const session = { idHash: hashOf(id), login: user.login, createdAt, expiresAt }
      await records.sessions.put(session)
      return { id, session }
    },
    identify: async (id) => (id && idPattern.test(id) ? recheck(hashOf(id)) : undefined),
    recheck,
    close: (idHash) => records.sessions.delete(idHash),
    closeAllOf: (login) => records.sessions.deleteOfUser(login),
    sweep: () => records.sessions.deleteExpired(clock.now()),
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
