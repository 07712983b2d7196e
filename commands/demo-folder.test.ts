import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDataDir } from '../storage/data-dir.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { demoPaths, freshDemoFolder } from './demo-folder.ts'

test('a folder is made; that of an earlier demonstration is emptied', async () => {
  const folder = join(temporaryFolder(), 'new', 'demo')
  await freshDemoFolder(folder)
  writeFileSync(join(folder, 'old'), 'x')
  await freshDemoFolder(folder)
  expect([existsSync(folder), existsSync(join(folder, 'old'))]).toEqual([true, false])
})

test('an empty folder is taken', async () => {
  await expect(freshDemoFolder(temporaryFolder())).resolves.toBeUndefined()
})

test('a folder with anything else in it is refused and left as it is', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'photos'))
  writeFileSync(join(folder, 'photos', 'one'), 'x')
  await expect(freshDemoFolder(folder)).rejects.toMatchObject({ code: 'USAGE' })
  expect(readdirSync(join(folder, 'photos'))).toEqual(['one'])
})

test('the folder of a demonstration that runs is left as it is', async () => {
  const folder = temporaryFolder()
  await freshDemoFolder(folder)
  const running = openDataDir(demoPaths(folder).dataDir)
  await expect(freshDemoFolder(folder)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' })
  expect(existsSync(join(folder, 'hub', 'hub.pid'))).toBe(true)
  running.release()
  await expect(freshDemoFolder(folder)).resolves.toBeUndefined()
})
