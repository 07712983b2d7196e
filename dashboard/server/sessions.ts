/** Sessions: a random id in a cookie; the records store only its hash. */
import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Records } from '../../model/ports/records.ts'
import type { Session, User } from '../../model/user.ts'

/** User and session of a request. */
export interface Identity {
  readonly user: User
  readonly session: Session
}

export interface Sessions {
  /** Opens a session; `id` goes into the cookie and is not stored. */
  open(user: User): Promise<{ readonly id: string; readonly session: Session }>
  /** Undefined when the session is unknown or expired, or its user is deleted or disabled. */
  identify(id: string | undefined): Promise<Identity | undefined>
  /** As `identify`, by the hash of the id. */
  recheck(idHash: string): Promise<Identity | undefined>
  close(idHash: string): Promise<void>
  closeAllOf(login: string): Promise<void>
  /** Deletes expired sessions; returns how many. */
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
