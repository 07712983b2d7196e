/** A directory whose file can be replaced while everybody holds on to it; a bad file changes nothing. */

import type { Cancel } from '../model/clock.ts'
import type { CommunityFile } from '../model/community-file.ts'
import type { Problem } from '../model/errors.ts'
import type { Directory } from '../model/ports/directory.ts'
import { buildDirectory } from './directory.ts'
import { readCommunity } from './read.ts'

export interface LiveDirectory extends Directory {
  /** The file behind it, with residents; for those who may see them. */
  file(): CommunityFile
  /** Takes the new file whole, or refuses it whole with every problem and keeps the running one. */
  reload(
    yamlText: string,
    source: string,
  ): { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }
  /** Called after each successful reload. */
  onReload(listener: () => void): Cancel
}

export function createLiveDirectory(first: CommunityFile): LiveDirectory {
  let file = first
  let directory = buildDirectory(first)
  const listeners = new Set<() => void>()
  return {
    device: (id) => directory.device(id),
    home: (id) => directory.home(id),
    site: (id) => directory.site(id),
    crew: (id) => directory.crew(id),
    devices: () => directory.devices(),
    sites: () => directory.sites(),
    grids: () => directory.grids(),
    crews: () => directory.crews(),
    file: () => file,
    reload(yamlText, source) {
      const read = readCommunity(yamlText, source)
      if (!read.ok) return read
      directory = buildDirectory(read.file)
      file = read.file
      for (const listener of listeners) listener()
      return { ok: true }
    },
    onReload(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
