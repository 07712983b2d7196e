/** Builds the web apps into `dist/web` unless no input has changed; prints and checks the size of the first load. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { build, type Manifest } from 'vite'

const root = import.meta.dirname
const project = resolve(root, '../..')
const outDir = join(project, 'dist/web')
const stamp = join(project, 'dist/web.inputs')

/** Entry pages with the maximum script size of the first load, gzip bytes. */
const budgets: Readonly<Record<string, number>> = { 'index.html': 150_000, 'crew/index.html': 150_000 }

const inputs = [
  ...globSync('dashboard/web/**/*.{ts,vue,css,html,svg,json}', { cwd: project }),
  ...globSync('model/**/*.ts', { cwd: project }),
  'package-lock.json',
]
  .filter((file) => !file.endsWith('.test.ts'))
  .sort((a, b) => (a < b ? -1 : 1))

function hashOfInputs(): string {
  const hash = createHash('sha256')
  for (const file of inputs) hash.update(`${file}\0`).update(readFileSync(join(project, file)))
  return hash.digest('hex')
}

async function buildApps(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [vue()],
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __VUE_I18N_LEGACY_API__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
    },
    build: {
      outDir,
      emptyOutDir: true,
      manifest: true,
      target: 'es2022',
      // The content security policy forbids data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: Object.keys(budgets).map((page) => join(root, page)) },
    },
  })
}

/** Scripts of the first load: the entry and its static imports. */
function firstLoad(manifest: Manifest, page: string): string[] {
  const seen = new Set<string>()
  const visit = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    for (const next of manifest[key]?.imports ?? []) visit(next)
  }
  visit(page)
  return [...seen].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith('.js'))
}

const kilo = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`
const gzipSize = (file: string): number => gzipSync(readFileSync(join(outDir, file))).length

/** Prints the sizes; throws when a page exceeds its budget. */
function checkSizes(): void {
  const manifest = JSON.parse(readFileSync(join(outDir, '.vite/manifest.json'), 'utf8')) as Manifest
  for (const [page, budget] of Object.entries(budgets)) {
    const size = firstLoad(manifest, page).reduce((sum, file) => sum + gzipSize(file), 0)
    console.log(`${page}: ${kilo(size)} gzip of script at first load (budget ${kilo(budget)})`)
    if (size > budget) throw new Error(`${page} is over its budget: ${kilo(size)} > ${kilo(budget)}`)
  }
  for (const [key, chunk] of Object.entries(manifest)) {
    if (chunk.isDynamicEntry) console.log(`  later: ${key} ${kilo(gzipSize(chunk.file))}`)
  }
}

const hash = hashOfInputs()
if (existsSync(join(outDir, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  console.log(`${relative(project, outDir)} is up to date`)
} else {
  await buildApps()
  checkSizes()
  writeFileSync(stamp, hash)
}
