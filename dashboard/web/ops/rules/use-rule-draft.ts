/** The edited text of a rule: its base version, whether it is changed, and its problems, checked when typing pauses. */
import { useQuery } from '@tanstack/vue-query'
import { computed, onUnmounted, type Ref, ref, watch } from 'vue'
import type { RuleDetail } from '../../../../model/rule-registry.ts'
import { useHub } from '../../shared/api/hub.ts'
import { useFailureText } from '../../shared/use-command.ts'

/** Delay after the last key. */
const CHECK_MS = 400
const RETRY_MS = 10_000

export interface RuleCheckOptions {
  readonly id: Ref<string>
  readonly text: Ref<string>
  /** False = nothing to check. */
  readonly isOn: Ref<boolean>
  /** The rule does not exist yet. */
  readonly isNew?: boolean
}

/** `settled`: the text at the last pause, null before the first. Counts as right when there is nothing to check. */
export function useRuleCheck({ id, text, isOn, isNew = false }: RuleCheckOptions) {
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
    // Retries after an error, e.g. too many checks or no connection.
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
  const isChecked = computed(
    () => !isOn.value || (settled.value === text.value && check.data.value !== undefined),
  )
  const problems = computed(() => (isOn.value ? (check.data.value?.problems ?? []) : []))
  const isRight = computed(() => isChecked.value && problems.value.length === 0)

  /** Why the check failed; empty = it did not. */
  const failure = computed(() =>
    !isChecked.value && check.error.value ? failureText(check.error.value) : '',
  )

  return { settled, problems, isChecked, isRight, failure }
}

export const newestVersion = (rule: RuleDetail): number => rule.versions[0]?.version ?? 0

export function useRuleDraft(rule: Ref<RuleDetail | undefined>) {
  const text = ref('')
  /** Text and version that the draft is based on. */
  const origin = ref({ text: '', version: 0 })
  const isChanged = computed(() => text.value !== origin.value.text)
  /** Another user has saved a version since. */
  const isStale = computed(
    () => rule.value !== undefined && newestVersion(rule.value) !== origin.value.version,
  )

  function begin(): void {
    if (!rule.value) return
    origin.value = { text: rule.value.text, version: newestVersion(rule.value) }
    text.value = rule.value.text
  }
  watch(rule, (now) => now && !isChanged.value && begin(), { immediate: true })

  const id = computed(() => rule.value?.id ?? '')
  const check = useRuleCheck({ id, text, isOn: isChanged })
  return { ...check, text, origin, isChanged, isStale, begin }
}
