/** The folder of a demonstration, emptied at every start: only what a demonstration made, and none that still runs. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LinliError } from '../model/errors.ts'
import { openDataDir } from '../storage/data-dir.ts'

/** Lies in every folder that a demonstration made, and says that it may go. */
const marker = '.linli-demo'

export interface DemoPaths {
  readonly dataDir: string
  readonly community: string
  readonly secrets: string
  readonly truth: string
}

export function demoPaths(folder: string): DemoPaths {
  return {
    dataDir: join(folder, 'hub'),
    community: join(folder, 'community.yaml'),
    secrets: join(folder, 'secrets.json'),
    truth: join(folder, 'truth.jsonl'),
  }
}

/** Makes the folder, or empties that of an earlier demonstration. USAGE for a folder with anything else in it. */
export async function freshDemoFolder(folder: string): Promise<void> {
  const found = existsSync(folder) ? await readdir(folder) : []
  if (found.length > 0 && !found.includes(marker)) {
    throw new LinliError(
      'USAGE',
      `${folder} was not made by a demonstration and would be emptied; name another --folder, or remove it yourself`,
    )
  }
  const { dataDir } = demoPaths(folder)
  if (existsSync(dataDir)) openDataDir(dataDir).release()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, marker), 'Made by `npm run demo`, which removes this folder when it starts.\n')
}
