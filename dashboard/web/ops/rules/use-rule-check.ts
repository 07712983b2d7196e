/** What is wrong with a text that somebody is typing, asked of the hub when they pause. */
import { useQuery } from '@tanstack/vue-query'
import { computed, onUnmounted, type Ref, ref, watch } from 'vue'
import { useHub } from '../../shared/api/hub.ts'
import { useFailureText } from '../../shared/use-command.ts'

/** After the last key: often enough to help, seldom enough not to ask at every letter. */
const CHECK_MS = 400
const RETRY_MS = 10_000

export interface RuleCheck {
  readonly id: Ref<string>
  readonly text: Ref<string>
  /** There is something to check. */
  readonly isOn: Ref<boolean>
  /** The rule is not there yet. */
  readonly isNew?: boolean
}

/** `settled`: the text as it was at the last pause; null = none yet. Nothing to check is right. */
export function useRuleCheck({ id, text, isOn, isNew = false }: RuleCheck) {
  const hub = useHub()
  const failureText = useFailureText()
  const settled = ref<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      settled.value = now
    }, CHECK_MS)
  })
  onUnmounted(() => clearTimeout(timer))

  const check = useQuery({
    queryKey: ['rule-check', id, settled],
    queryFn: () => hub.checkRule(id.value, settled.value ?? '', isNew),
    enabled: () => isOn.value && settled.value === text.value,
    staleTime: Number.POSITIVE_INFINITY,
    // Too many checks, or no hub: asked again, so that nobody waits for an answer that does not come.
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
  const isChecked = computed(
    () => !isOn.value || (settled.value === text.value && check.data.value !== undefined),
  )
  const problems = computed(() => (isOn.value ? (check.data.value?.problems ?? []) : []))
  const isRight = computed(() => isChecked.value && problems.value.length === 0)

  /** Why nobody can tell; empty = nothing failed. */
  const failure = computed(() =>
    !isChecked.value && check.error.value ? failureText(check.error.value) : '',
  )

  return { settled, problems, isChecked, isRight, failure }
}
