/** The text of a rule as one person changes it: against which version, what is wrong with it, whether it is different. */
import { computed, type Ref, ref, watch } from 'vue'
import type { RuleDetail } from '../../../../model/rule-registry.ts'
import { useRuleCheck } from './use-rule-check.ts'

export const newestVersion = (rule: RuleDetail): number => rule.versions[0]?.version ?? 0

export function useRuleDraft(rule: Ref<RuleDetail | undefined>) {
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

  const id = computed(() => rule.value?.id ?? '')
  const check = useRuleCheck({ id, text, isOn: isChanged })
  return { ...check, text, origin, isChanged, isStale, begin }
}
