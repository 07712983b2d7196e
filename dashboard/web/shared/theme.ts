/** Light or dark: as the system says, unless the person chose. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { readChoice, writeChoice } from './preferences.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const isTheme = (value: string | null): value is Theme => themes.some((theme) => theme === value)

/** Sets the theme on the page as soon as it is first used. */
export const useTheme = defineStore('theme', () => {
  const stored = readChoice('theme')
  const chosen = ref<Theme>(isTheme(stored) ? stored : 'auto')
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
  /** What is shown now; charts are painted with it. */
  const shown = ref<'light' | 'dark'>('light')

  const apply = (): void => {
    shown.value =
      chosen.value === 'dark' || (chosen.value === 'auto' && systemIsDark.matches) ? 'dark' : 'light'
    document.documentElement.dataset.theme = shown.value
  }
  const choose = (next: Theme): void => {
    chosen.value = next
    writeChoice('theme', next === 'auto' ? null : next)
    apply()
  }

  systemIsDark.addEventListener('change', apply)
  apply()
  return { chosen, shown, choose }
})
