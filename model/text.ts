/** Text for people, in both languages of the house. Screens pick one; nothing is shown in only one. */
export interface Text {
  readonly zh: string
  readonly en: string
}

export type Language = keyof Text

/** Fills `{name}` placeholders of both languages; an unknown placeholder stays visible, so a typo is seen. */
export function fillText(template: Text, values: Readonly<Record<string, string | number | Text>>): Text {
  const fill = (language: Language): string =>
    template[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : whole
      return typeof value === 'object' ? value[language] : String(value)
    })
  return { zh: fill('zh'), en: fill('en') }
}

/** One text of several, as a list within a sentence. */
export function joinTexts(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') }
}
