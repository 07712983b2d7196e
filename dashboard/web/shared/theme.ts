/** Light or dark: the user's preference, else the system's. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { readPreference, writePreference } from './preferences.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const isTheme = (value: string | null): value is Theme => themes.some((theme) => theme === value)

/** Applies the theme to the page on first use. */
export const useTheme = defineStore('theme', () => {
  const stored = readPreference('theme')
  const selected = ref<Theme>(isTheme(stored) ? stored : 'auto')
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
  /** The theme in use; charts depend on it. */
  const shown = ref<'light' | 'dark'>('light')

  const apply = (): void => {
    shown.value =
      selected.value === 'dark' || (selected.value === 'auto' && systemIsDark.matches) ? 'dark' : 'light'
    document.documentElement.dataset.theme = shown.value
  }
  const select = (next: Theme): void => {
    selected.value = next
    writePreference('theme', next === 'auto' ? null : next)
    apply()
  }

  systemIsDark.addEventListener('change', apply)
  apply()
  return { selected, shown, select }
})
