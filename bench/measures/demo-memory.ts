/** Memory of the demonstration's hub process after some time. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags } from '../hub-process.ts'
import { type Measure, rounded } from '../measure.ts'
import { firstLine, pause, startProcess } from '../server-process.ts'

export const demoMemory: Measure = {
  name: 'demo-memory',
  title: 'memory of the demonstration',
  async run({ quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'linli-bench-'))
    const main = join(import.meta.dirname, '../../main.ts')
    const args = [main, 'demo', '--folder', join(folder, 'demo'), '--port', '0', '--mqtt-port', '0']
    const seconds = quick ? 20 : 120
    const server = startProcess(process.execPath, [...nodeFlags, ...args])
    try {
      await firstLine(server)
      await pause(seconds * 1000)
      const { now, peak } = server.memory()
      return {
        tables: [
          {
            title: `Memory of the demonstration's hub after ${seconds} s`,
            columns: ['RSS MiB', 'peak RSS MiB'],
            rows: [[rounded(now), rounded(peak)]],
          },
        ],
        goals: [{ name: 'RSS of the demonstration', value: now, unit: 'MiB', bound: { atMost: 350 } }],
        skipped: [],
      }
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
