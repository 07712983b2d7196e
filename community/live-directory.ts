/** A directory whose file can be replaced while everybody holds on to it. */
import type { CommunityFile } from '../model/community-file.ts'
import type { Directory } from '../model/ports/directory.ts'
import { buildDirectory } from './directory.ts'

export interface LiveDirectory extends Directory {
  /** The file behind it, with residents; for those who may see them. */
  file(): CommunityFile
  /** Takes a checked file in place of the running one. */
  take(next: CommunityFile): void
}

export function createLiveDirectory(first: CommunityFile): LiveDirectory {
  let file = first
  let directory = buildDirectory(first)
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
    take(next) {
      directory = buildDirectory(next)
      file = next
    },
  }
}
