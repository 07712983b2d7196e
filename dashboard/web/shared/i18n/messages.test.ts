import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { chooseLanguage } from './language.ts'
import { keysOf, placeholdersOf } from './messages.ts'
import { zh } from './zh.ts'

const textAt = (tree: object, key: string): string =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], tree) as string

describe('texts', () => {
  test('both languages have the same keys', () => {
    expect(keysOf(en)).toEqual(keysOf(zh))
  })

  test('no text is empty, and both languages use the same placeholders', () => {
    for (const key of keysOf(zh)) {
      const texts = [textAt(zh, key), textAt(en, key)]
      for (const text of texts) expect(text.trim(), key).not.toBe('')
      const [chinese = [], english = []] = texts.map(placeholdersOf)
      expect(english, key).toEqual(chinese)
    }
  })

  test('every text is used', () => {
    const root = resolve(import.meta.dirname, '../..')
    const files = globSync('**/*.{vue,ts}', { cwd: root }).filter((file) => !/i18n|test\.ts$/.test(file))
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
    // Keys built at run time, e.g. `severity.${severity}.name`.
    const builtPrefixes = [...source.matchAll(/`([a-zA-Z.]+)\.\$\{/g)].map((match) => `${match[1]}.`)
    const unused = keysOf(zh).filter(
      (key) => !source.includes(key) && !builtPrefixes.some((start) => key.startsWith(start)),
    )
    expect(unused).toEqual([])
  })

  test('no template contains literal text', () => {
    const root = resolve(import.meta.dirname, '../..')
    const screens = globSync('**/*.vue', { cwd: root })
    expect(screens.length).toBeGreaterThan(20)
    for (const screen of screens) {
      const template =
        /<template>[\s\S]*<\/template>/.exec(readFileSync(join(root, screen), 'utf8'))?.[0] ?? ''
      expect(template, screen).not.toMatch(/[\u3400-\u9fff]/)
      expect(template, screen).not.toMatch(/>\s*[A-Za-z]{3,}[^<>{}]*</)
    }
  })

  test('all plural forms use the same placeholders', () => {
    for (const key of keysOf(en)) {
      const forms = textAt(en, key).split(' | ')
      for (const form of forms) expect(placeholdersOf(form), key).toEqual(placeholdersOf(forms[0] ?? ''))
    }
  })

  test('no text contains syntax of the message format by accident', () => {
    for (const tree of [zh, en]) {
      for (const key of keysOf(tree)) {
        expect(textAt(tree, key), key).not.toMatch(/@|\$\{|\{[^}]*[^\w}]|(?<! )\||\|(?! )/)
      }
    }
  })
})

describe('chooseLanguage', () => {
  test.each([
    { chosen: 'en', browser: ['zh-CN'], want: 'en' },
    { chosen: null, browser: ['zh-TW', 'en'], want: 'zh' },
    { chosen: null, browser: ['fr-FR', 'en-GB', 'zh'], want: 'en' },
    { chosen: null, browser: ['fr-FR'], want: 'zh' },
    { chosen: 'de', browser: [], want: 'zh' },
  ])('choice $chosen, browser $browser: $want', ({ chosen, browser, want }) => {
    expect(chooseLanguage(chosen, browser)).toBe(want)
  })
})
