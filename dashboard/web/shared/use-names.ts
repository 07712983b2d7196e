/** Names for the logins and crew ids that the hub sends. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useHub } from './api/hub.ts'
import { useTexts } from './i18n/index.ts'
import { useSession } from './session.ts'

export function usePersonName() {
  const session = useSession()
  /** One's own name; of others the hub tells the login only. */
  return (login: string | null): string =>
    login !== null && login === session.user?.login ? session.user.name : (login ?? '')
}

export function useCrewName() {
  const hub = useHub()
  const { pick } = useTexts()
  const { data } = useQuery({ queryKey: ['crews'], queryFn: hub.crews, staleTime: 300_000 })
  const names = computed(() => new Map(data.value?.map((crew) => [crew.id, crew.name])))
  return (id: string): string => {
    const name = names.value.get(id)
    return name ? pick(name) : id
  }
}
