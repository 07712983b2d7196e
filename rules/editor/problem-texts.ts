/** The problems of a rule in both languages. Pure. */
import type { Problem } from '../../model/errors.ts'
import type { Text } from '../../model/text.ts'
import { chineseKinds, chineseProblems } from './problem-words.ts'

interface Pattern {
  readonly pattern: RegExp
  readonly zh: string
}

/** Longer messages repeat text of people; matching them could be slow. */
const longest = 600

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const patternOf = ([en, zh]: (typeof chineseProblems)[number]): Pattern => {
  const parts = en.split(/\{(\w+)\}/)
  const source = parts.map((part, index) =>
    index % 2 === 0 ? escaped(part) : `(?<${part}>${shapeOf(part)})`,
  )
  return { pattern: new RegExp(`^${source.join('')}$`, 's'), zh }
}
const shapeOf = (name: string): string => (name === 'path' ? '[\\w.[\\]-]+' : '.+?')
const patterns: readonly Pattern[] = chineseProblems.map(patternOf)

/** The Chinese text of an English message; undefined = there is none. */
export function inChinese(message: string): string | undefined {
  if (message.length > longest) return undefined
  for (const { pattern, zh } of patterns) {
    const found = pattern.exec(message)
    if (!found) continue
    const { message: inner, ...others } = found.groups ?? {}
    const translated = inner === undefined ? undefined : inChinese(inner)
    if (inner !== undefined && translated === undefined) continue
    return zh.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'message' ? (translated ?? '') : wordOf(name, others[name] ?? ''),
    )
  }
  return undefined
}

const kinds: ReadonlySet<string> = new Set(['type', 'other', 'token'])
const wordOf = (name: string, value: string): string =>
  kinds.has(name) ? (chineseKinds[value] ?? value) : value

/** Adds the text for screens; a message without a Chinese text stays English. */
export const inBothLanguages = (problem: Problem): Problem & { readonly text: Text } => ({
  ...problem,
  text: { zh: inChinese(problem.message) ?? problem.message, en: problem.message },
})
