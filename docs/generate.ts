/** `npm run docs`: writes the tables of README and docs from the code; a test says when they are no longer true. */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { sections } from './sections.ts'

/** Files with generated parts, each between `<!-- generated: name -->` and `<!-- end -->`. */
export const generatedFiles = [
  'README.md',
  'README.zh-CN.md',
  'docs/community.md',
  'docs/configuration.md',
  'docs/devices.md',
  'docs/rules.md',
] as const

const part = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g

/** The file's text with every generated part made anew. Throws for a part nobody can make. */
export function regenerate(file: string): { readonly before: string; readonly after: string } {
  const before = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const made = new Map<string, string>()
  for (const [, name = ''] of before.matchAll(part)) {
    const make = sections.get(name)
    if (!make) throw new Error(`${file}: nobody makes "${name}"`)
    made.set(name, make())
  }
  const after = before.replace(
    part,
    (_, name: string) => `<!-- generated: ${name} -->\n${made.get(name)}\n<!-- end -->`,
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
