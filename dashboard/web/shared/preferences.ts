/** Preferences of this browser (language, theme, sound), in local storage. */
export type PreferenceName = 'language' | 'theme' | 'sound'

const keyOf = (name: PreferenceName): string => `linli.${name}`

export function readPreference(name: PreferenceName): string | null {
  try {
    return localStorage.getItem(keyOf(name))
  } catch {
    // Private windows may refuse storage: use the default.
    return null
  }
}

export function writePreference(name: PreferenceName, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), value)
  } catch {
    // Without storage the preference lasts until the page is closed.
  }
}
