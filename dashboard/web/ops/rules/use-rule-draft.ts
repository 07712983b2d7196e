/** The text of a rule as one person changes it: against which version, what is wrong with it, whether it is different. */
import { useQuery } from '@tanstack/vue-query'
import { computed, onUnmounted, type Ref, ref, watch } from 'vue'
import type { RuleDetail } from '../../../../model/rule-book.ts'
import { useHub } from '../../shared/api/hub.ts'

/** After the last key: often enough to help, seldom enough not to ask at every letter. */
const CHECK_MS = 400
const RETRY_MS = 10_000

export const newestVersion = (rule: RuleDetail): number => rule.versions[0]?.version ?? 0

export function useRuleDraft(rule: Ref<RuleDetail | undefined>) {
  const hub = useHub()
  const text = ref('')
  /** What the draft began with. */
  const origin = ref({ text: '', version: 0 })
  const isChanged = computed(() => text.value !== origin.value.text)
  /** Somebody else has saved since. */
  const isStale = computed(
    () => rule.value !== undefined && newestVersion(rule.value) !== origin.value.version,
  )

  function begin(): void {
    if (!rule.value) return
    origin.value = { text: rule.value.text, version: newestVersion(rule.value) }
    text.value = rule.value.text
  }
  watch(rule, (now) => now && !isChanged.value && begin(), { immediate: true })

  const settled = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      settled.value = now
    }, CHECK_MS)
  })
  onUnmounted(() => clearTimeout(timer))

  const check = useQuery({
    queryKey: ['rule-check', computed(() => rule.value?.id), settled],
    queryFn: () => hub.checkRule(rule.value?.id ?? '', settled.value),
    enabled: () => isChanged.value && settled.value !== '' && settled.value === text.value,
    staleTime: Number.POSITIVE_INFINITY,
    // Too many checks, or no hub: asked again, so that nobody waits for an answer that does not come.
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
  const isChecked = computed(
    () => !isChanged.value || (settled.value === text.value && check.data.value !== undefined),
  )
  const problems = computed(() => (isChanged.value ? (check.data.value?.problems ?? []) : []))
  const isRight = computed(() => isChecked.value && problems.value.length === 0)

  return { text, origin, isChanged, isStale, problems, isChecked, isRight, begin }
}
