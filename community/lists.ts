/** The lists of a community file as far as they can be read: one broken entry must not hide problems of the others. */
import { type CommunityFile, communityFile } from '../model/community-file.ts'
import type { YamlPath } from '../model/yaml.ts'

/** An entry with its index in its list as written. */
export interface Listed<T> {
  readonly at: number
  readonly value: T
}

export type ListName = keyof CommunityFile

export type Lists = { readonly [K in ListName]: readonly Listed<CommunityFile[K][number]>[] }

export interface ReadableLists {
  readonly lists: Lists
  /** Ids (logins) of entries that could not be read; a reference to one is not a second problem. */
  readonly unreadable: { readonly [K in ListName]: ReadonlySet<string> }
}

/** A problem beyond the shape of a single entry. */
export interface FileProblem {
  /** From the root of the file, e.g. `['homes', 3, 'building']`. */
  readonly path: YamlPath
  readonly message: string
}

export const listNames = Object.keys(communityFile.shape) as readonly ListName[]

/** Splits a raw file into the entries that fit the schema and the ids of those that do not. */
export function readableLists(raw: unknown): ReadableLists {
  const root = isRecord(raw) ? raw : {}
  const lists: Partial<Record<ListName, Listed<unknown>[]>> = {}
  const unreadable: Partial<Record<ListName, Set<string>>> = {}
  for (const name of listNames) {
    const entries: readonly unknown[] = Array.isArray(root[name]) ? root[name] : []
    const element = elementOf(name)
    const readable: Listed<unknown>[] = []
    const ids = new Set<string>()
    entries.forEach((entry, at) => {
      const checked = element.safeParse(entry)
      if (checked.success) readable.push({ at, value: checked.data })
      else if (isRecord(entry)) ids.add(String(entry.id ?? entry.login))
    })
    lists[name] = readable
    unreadable[name] = ids
  }
  // Every list was filled by the loop above with what its own element schema returned.
  return { lists: lists as Lists, unreadable: unreadable as ReadableLists['unreadable'] }
}

function elementOf(name: ListName) {
  const list = communityFile.shape[name]
  return 'element' in list ? list.element : list.unwrap().element
}

/** True for a plain map of the file. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
