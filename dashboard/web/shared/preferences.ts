/** What a person has chosen on this screen (language, theme, sound); kept by the browser when it allows. */
export type ChoiceName = 'language' | 'theme' | 'sound'

const keyOf = (name: ChoiceName): string => `linli.${name}`

export function readChoice(name: ChoiceName): string | null {
  try {
    return localStorage.getItem(keyOf(name))
  } catch {
    // Private windows may refuse storage; the default is then right.
    return null
  }
}

export function writeChoice(name: ChoiceName, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), value)
  } catch {
    // The choice then lasts as long as the page.
  }
}
