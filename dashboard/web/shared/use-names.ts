/** Names of logins and crews. */
import { useQuery } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useHub } from './api/hub.ts'
import { useTexts } from './i18n/index.ts'
import { useSession } from './session.ts'

/** One query shared by all lists. */
const useStaff = defineStore('staff', () => {
  const hub = useHub()
  const session = useSession()
  const { data } = useQuery({
    queryKey: ['staff'],
    queryFn: hub.staff,
    staleTime: 300_000,
    enabled: () => session.state === 'signed-in',
  })
  return { names: computed(() => new Map(data.value?.map(({ login, name }) => [login, name]))) }
})

export function usePersonName() {
  const staff = useStaff()
  const { t } = useTexts()
  /** The user's name; the login while names are loading or for an unknown user. */
  return (login: string | null): string =>
    login === 'rules' ? t('actions.rules') : (staff.names.get(login ?? '') ?? login ?? '')
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
