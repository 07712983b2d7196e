import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { openDataDir } from './data-dir.ts'

const lockScript = `
  import { openDataDir } from '${new URL('./data-dir.ts', import.meta.url).href}'
  const dir = openDataDir(process.argv.at(-1))
  console.log('locked')
  setInterval(() => dir.path, 1000)
`

/** Another process that locks the directory. */
async function lockElsewhere(path: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', lockScript, '--', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('data directory', () => {
  test('is created and gives the paths of its files', () => {
    const path = join(temporaryFolder(), 'a', 'b')
    const dir = openDataDir(path)
    expect(dir).toMatchObject({
      path,
      journalPath: join(path, 'journal.db'),
      recordsPath: join(path, 'records.db'),
      historyPath: join(path, 'history.duckdb'),
    })
    expect(readFileSync(join(path, 'hub.pid'), 'utf8').trim()).toBe(String(process.pid))
    dir.release()
    dir.release()
    expect(existsSync(join(path, 'hub.pid'))).toBe(false)
  })

  test('is locked by one hub at a time', () => {
    const path = temporaryFolder()
    const first = openDataDir(path)
    const refused = expect.objectContaining({
      code: 'DATA_DIR_IN_USE',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    expect(() => openDataDir(path)).toThrow(refused)
    expect(() => openDataDir(path)).toThrow(refused)
    first.release()
    openDataDir(path).release()
  })

  test('names the process that locks it, and is unlocked when that is killed', async () => {
    const path = temporaryFolder()
    const other = await lockElsewhere(path)
    try {
      expect(() => openDataDir(path)).toThrow(
        expect.objectContaining({
          code: 'DATA_DIR_IN_USE',
          message: expect.stringContaining(`process ${other.pid}`),
        }),
      )
    } finally {
      await other.kill()
    }
    openDataDir(path).release()
  })

  test('the pid file of a dead hub is ignored, even when its pid is in use again', () => {
    const path = temporaryFolder()
    writeFileSync(join(path, 'hub.pid'), `${process.ppid}\n`)
    openDataDir(path).release()
  })

  test('a path that cannot be a directory is refused with its name', () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(() => openDataDir(file)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(file) }),
    )
  })
})
