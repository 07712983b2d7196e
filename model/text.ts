/** Text for people, in both languages of the house. Screens pick one; nothing is shown in only one. */
export interface Text {
  readonly zh: string
  readonly en: string
}

export type Language = keyof Text

/** Fills `{name}` placeholders of both languages; an unknown placeholder stays visible, so a typo is seen. */
export function fillText(template: Text, values: Readonly<Record<string, string | number>>): Text {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
  return { zh: fill(template.zh), en: fill(template.en) }
}
