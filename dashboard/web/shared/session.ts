/** The session of this browser. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { may, type Permission, type PublicUser } from '../../../model/user.ts'
import { ApiFailure } from './api/client.ts'
import type { Hub, SignedIn } from './api/hub.ts'

/** `unknown` until the first answer of the server. */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out'

export const useSession = defineStore('session', () => {
  const user = shallowRef<PublicUser | null>(null)
  const state = shallowRef<SessionState>('unknown')
  /** End of the session, ms; null while signed out. */
  const expiresAt = shallowRef<number | null>(null)
  /** The session ended without a sign-out; the sign-in page shows it. */
  const expired = shallowRef(false)

  const can = computed(
    () => (permission: Permission) => user.value !== null && may(user.value.role, permission),
  )

  function setSignedIn(answer: SignedIn): void {
    user.value = answer.user
    expiresAt.value = answer.expiresAt
    state.value = 'signed-in'
    expired.value = false
  }

  function setSignedOut({ hasExpired }: { readonly hasExpired: boolean }): void {
    expired.value = hasExpired && state.value === 'signed-in'
    user.value = null
    expiresAt.value = null
    state.value = 'signed-out'
  }

  /** Loads the user of the cookie. Throws when there is no answer. */
  async function check(hub: Hub): Promise<void> {
    try {
      setSignedIn(await hub.me())
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) setSignedOut({ hasExpired: true })
      else throw error
    }
  }

  async function signIn(hub: Hub, login: string, password: string): Promise<void> {
    setSignedIn(await hub.login(login, password))
  }

  async function signOut(hub: Hub): Promise<void> {
    await hub.logout()
    setSignedOut({ hasExpired: false })
  }

  return { user, state, expiresAt, expired, can, check, signIn, signOut, setSignedOut }
})
