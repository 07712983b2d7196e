/** Who is signed in on this screen. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { may, type Permission, type PublicUser } from '../../../model/user.ts'
import { ApiFailure } from './api/client.ts'
import type { Hub, SignedIn } from './api/hub.ts'

/** `unknown` until the server has been asked once. */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out'

export const useSession = defineStore('session', () => {
  const user = shallowRef<PublicUser | null>(null)
  const state = shallowRef<SessionState>('unknown')
  /** When it ends by itself, ms; null while nobody is signed in. */
  const expiresAt = shallowRef<number | null>(null)
  /** The session ended by itself, which the person is told. */
  const expired = shallowRef(false)

  const can = computed(
    () => (permission: Permission) => user.value !== null && may(user.value.role, permission),
  )

  function signedIn(answer: SignedIn): void {
    user.value = answer.user
    expiresAt.value = answer.expiresAt
    state.value = 'signed-in'
    expired.value = false
  }

  function signedOut(byItself: boolean): void {
    expired.value = byItself && state.value === 'signed-in'
    user.value = null
    expiresAt.value = null
    state.value = 'signed-out'
  }

  /** Asks who the cookie belongs to. Throws only when the server gives no answer. */
  async function check(hub: Hub): Promise<void> {
    try {
      signedIn(await hub.me())
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) signedOut(true)
      else throw error
    }
  }

  async function signIn(hub: Hub, login: string, password: string): Promise<void> {
    signedIn(await hub.login(login, password))
  }

  async function signOut(hub: Hub): Promise<void> {
    await hub.logout()
    signedOut(false)
  }

  return { user, state, expiresAt, expired, can, check, signIn, signOut, signedOut }
})
