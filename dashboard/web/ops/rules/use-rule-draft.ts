/** The edited text of a rule: its base version, its problems, and whether it is changed. */
import { computed, type Ref, ref, watch } from 'vue'
import type { RuleDetail } from '../../../../model/rule-registry.ts'
import { useRuleCheck } from './use-rule-check.ts'

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
