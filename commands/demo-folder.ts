/** The folder of the demo. Emptied at every start, but only if a demo made it and none is running in it. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LinliError } from '../model/errors.ts'
import { openDataDir } from '../storage/data-dir.ts'

/** Marks a folder as made by the demo, so that it may be removed. */
const marker = '.linli-demo'

export interface DemoPaths {
  readonly dataDir: string
  readonly community: string
  readonly secrets: string
  readonly truth: string
}

/** Files and folders inside the demo folder. */
export function demoPaths(folder: string): DemoPaths {
  return {
    dataDir: join(folder, 'hub'),
    community: join(folder, 'community.yaml'),
    secrets: join(folder, 'secrets.json'),
    truth: join(folder, 'truth.jsonl'),
  }
}

/**
 * Makes the folder, or empties that of an earlier demo.
 * @throws LinliError USAGE for a folder with other content, DATA_DIR_IN_USE while a demo runs in it
 */
export async function freshDemoFolder(folder: string): Promise<void> {
  const found = existsSync(folder) ? await readdir(folder) : []
  if (found.length > 0 && !found.includes(marker)) {
    throw new LinliError(
      'USAGE',
      `${folder} was not made by the demo and would be emptied; choose another --folder, or remove it yourself`,
    )
  }
  const { dataDir } = demoPaths(folder)
  if (existsSync(dataDir)) openDataDir(dataDir).release()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, marker), 'Made by `npm run demo`, which empties this folder when it starts.\n')
}
