/** `npm run docs`: generates the tables of README and docs from the code; a test fails if they are out of date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { sections } from './sections.ts'

/** Files with generated sections between `<!-- generated: name -->` and `<!-- end -->`. */
export const generatedFiles = [
  'README.md',
  'README.zh-CN.md',
  'docs/community.md',
  'docs/configuration.md',
  'docs/devices.md',
  'docs/rules.md',
] as const

const section = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g

/** The text of a file before and after generating its sections. Throws for an unknown section. */
export function regenerate(file: string): { readonly before: string; readonly after: string } {
  const before = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const texts = new Map<string, string>()
  for (const [, name = ''] of before.matchAll(section)) {
    const make = sections.get(name)
    if (!make) throw new Error(`${file}: unknown section "${name}"`)
    texts.set(name, make())
  }
  const after = before.replace(
    section,
    (_, name: string) => `<!-- generated: ${name} -->\n${texts.get(name)}\n<!-- end -->`,
  )
  return { before, after }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const file of generatedFiles) {
    const { before, after } = regenerate(file)
    if (before !== after) writeFileSync(new URL(`../${file}`, import.meta.url), after)
    console.log(`${before === after ? 'unchanged' : 'written  '} ${file}`)
  }
}
