import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDataDir } from '../storage/data-dir.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { demoPaths, freshDemoFolder } from './demo-folder.ts'

test('makes the folder; empties that of an earlier demo', async () => {
  const folder = join(temporaryFolder(), 'new', 'demo')
  await freshDemoFolder(folder)
  writeFileSync(join(folder, 'old'), 'x')
  await freshDemoFolder(folder)
  expect([existsSync(folder), existsSync(join(folder, 'old'))]).toEqual([true, false])
})

test('uses an empty folder', async () => {
  await expect(freshDemoFolder(temporaryFolder())).resolves.toBeUndefined()
})

test('rejects a folder with other content and leaves it unchanged', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'photos'))
  writeFileSync(join(folder, 'photos', 'one'), 'x')
  await expect(freshDemoFolder(folder)).rejects.toMatchObject({ code: 'USAGE' })
  expect(readdirSync(join(folder, 'photos'))).toEqual(['one'])
})

test('rejects the folder of a running demo and leaves it unchanged', async () => {
  const folder = temporaryFolder()
  await freshDemoFolder(folder)
  const running = openDataDir(demoPaths(folder).dataDir)
  await expect(freshDemoFolder(folder)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' })
  expect(existsSync(join(folder, 'hub', 'hub.pid'))).toBe(true)
  running.release()
  await expect(freshDemoFolder(folder)).resolves.toBeUndefined()
})
