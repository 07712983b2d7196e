/** Size of the scripts that a browser loads before the operations console is usable. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Measure, rounded } from '../measure.ts'

const webRoot = join(import.meta.dirname, '../../dist/web')
/** Vite lists all scripts of the first load in the page: the entry and its imports. */
const scripts = /<(?:script[^>]* src|link rel="modulepreload"[^>]* href)="([^"]+\.js)"/g

export const consoleSize: Measure = {
  name: 'console-size',
  title: 'first load of the console',
  async run() {
    const page = join(webRoot, 'index.html')
    if (!existsSync(page))
      return { tables: [], goals: [], skipped: ['console size: run npm run build first'] }
    const files = [...readFileSync(page, 'utf8').matchAll(scripts)].map(([, path = '']) => path)
    const bytes = files.map((path) => gzipSync(readFileSync(join(webRoot, path))).length)
    const kilobytes = bytes.reduce((sum, size) => sum + size, 0) / 1000
    return {
      tables: [
        {
          title: 'Script of the first load of the operations console (gzip)',
          columns: ['files', 'KB'],
          rows: [[files.length, rounded(kilobytes)]],
        },
      ],
      goals: [{ name: 'script of the first load', value: kilobytes, unit: 'KB', bound: { atMost: 150 } }],
      skipped: [],
    }
  },
}
