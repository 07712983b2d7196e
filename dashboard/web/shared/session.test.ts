import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PublicUser } from '../../../model/user.ts'
import { ApiFailure } from './api/client.ts'
import type { Hub } from './api/hub.ts'
import { useSession } from './session.ts'

const user: PublicUser = {
  login: 'duty',
  name: 'Duty',
  role: 'duty-officer',
  crew: null,
  grid: null,
  disabled: false,
}
const failure = (status: number) => new ApiFailure(status, { code: 'X', message: 'x' })
const hubWith = (me: () => Promise<unknown>) =>
  ({
    me,
    login: async () => ({ user, expiresAt: 9 }),
    logout: async () => undefined,
  }) as unknown as Hub

beforeEach(() => setActivePinia(createPinia()))

describe('session', () => {
  test('a valid cookie signs in; the role decides the permissions', async () => {
    const session = useSession()
    expect(session.state).toBe('unknown')
    expect(session.can('console.read')).toBe(false)
    await session.check(hubWith(async () => ({ user, expiresAt: 9 })))
    expect([session.state, session.expiresAt]).toEqual(['signed-in', 9])
    expect([session.can('console.read'), session.can('order.work')]).toEqual([true, false])
  })

  test('the first visit without a cookie is not an expired session', async () => {
    const session = useSession()
    await session.check(hubWith(() => Promise.reject(failure(401))))
    expect([session.state, session.expired]).toEqual(['signed-out', false])
  })

  test('a session that ends while signed in has expired, until the next sign-in', async () => {
    const session = useSession()
    const hub = hubWith(() => Promise.reject(failure(401)))
    await session.signIn(hub, 'duty', 'secret')
    await session.check(hub)
    expect([session.state, session.expired, session.user]).toEqual(['signed-out', true, null])
    await session.signIn(hub, 'duty', 'secret')
    expect(session.expired).toBe(false)
  })

  test('a sign-out is not an expiry', async () => {
    const session = useSession()
    const hub = hubWith(() => Promise.reject(failure(401)))
    await session.signIn(hub, 'duty', 'secret')
    await session.signOut(hub)
    expect([session.state, session.expired, session.expiresAt]).toEqual(['signed-out', false, null])
  })

  test.each([0, 503])('a missing answer (status %i) does not sign out', async (status) => {
    const session = useSession()
    await session.signIn(
      hubWith(async () => null),
      'duty',
      'secret',
    )
    await expect(session.check(hubWith(() => Promise.reject(failure(status))))).rejects.toBeInstanceOf(
      ApiFailure,
    )
    expect(session.state).toBe('signed-in')
  })
})
