/** Docs that can rot are tested: generated tables, the folder map, the commands, the example file, both languages. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCommunity } from '../../community/read.ts'
import { generatedFiles, regenerate } from '../../docs/generate.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const readmes = ['README.md', 'README.zh-CN.md'] as const

test.each(generatedFiles)('the generated parts of %s are true (npm run docs)', (file) => {
  const { before, after } = regenerate(file)
  expect(before).toBe(after)
})

describe.each(readmes)('%s', (file) => {
  test('every folder of its map exists, and every room is on it', () => {
    const rows = read(file)
      .split('\n')
      .filter((line) => line.startsWith('| `') && /`[a-z]+\/`/.test(line.split('|')[1] ?? ''))
    const named = rows.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([a-z]+)\/`/g)].map(([, name]) => name),
    )
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$|data$|coverage$)/.test(entry.name))
      .map((entry) => entry.name)
    expect(named.toSorted()).toEqual(folders.toSorted())
  })

  test('every npm script it names is there', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
    const code = [...read(file).matchAll(/```sh\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
      (found) => found[1] ?? found[2] ?? '',
    )
    const named = code.flatMap((text) =>
      [...text.matchAll(/\bnpm (?:run )?(\w+)/g)].map(([, name]) => name ?? ''),
    )
    const known = new Set([...scripts, 'ci'])
    expect(named.filter((name) => !known.has(name))).toEqual([])
    expect(named).toContain('demo')
  })

  test('every file it links to is there', () => {
    const links = [...read(file).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link ?? '')
    expect(links.filter((link) => !existsSync(new URL(link, root)))).toEqual([])
  })
})

test('both READMEs have the same parts', () => {
  const shape = (file: string): string[] =>
    [...read(file).matchAll(/^#+(?= )|^<!--.*|^```\w*|^\| `[^|]*/gm)].map(([part]) =>
      part.replace(/-(en|zh) /, ' '),
    )
  const rows = (file: string): number => shape(file).length
  expect(rows('README.zh-CN.md')).toBe(rows('README.md'))
})

test('the example community file is accepted', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/community.md')) ?? []
  expect(readCommunity(yaml, 'docs/community.md')).toMatchObject({ ok: true })
})
