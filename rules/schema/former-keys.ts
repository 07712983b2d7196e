/** Keys of rule files under their former names: still read, reported as deprecated, and part of fingerprints. Pure. */
import type { Problem } from '../../model/errors.ts'
import type { YamlFile, YamlPath } from '../../model/yaml.ts'

/** Former place -> key. `*` is any key or index, `**` any number of them. */
const formerKeys: readonly (readonly [place: string, key: string])[] = [
  ['holds', 'inhibits'],
  ['condition.**.hold', 'maxAge'],
  ['condition.**.stay.holds', 'occupied'],
  ['condition.**.notBack.still', 'onlyIf'],
  ['signals.*.steady', 'stable'],
  ['signals.*.latch.hold', 'maxAge'],
]

interface Rename {
  readonly pattern: readonly string[]
  readonly key: string
}

const toKey: readonly Rename[] = formerKeys.map(([place, key]) => ({ pattern: place.split('.'), key }))
const toFormer: readonly Rename[] = toKey.map(({ pattern, key }) => ({
  pattern: [...pattern.slice(0, -1), key],
  key: pattern.at(-1) as string,
}))

/** One key that was renamed; `path` as written. */
interface Renamed {
  readonly path: YamlPath
  readonly former: string
  readonly key: string
  /** The other spelling is there as well. */
  readonly isTwice: boolean
}

export interface CurrentKeys {
  /** The file with every key under its present name; problems still point to the text as written. */
  readonly yaml: YamlFile
  /** Keys written in both spellings; the file must be refused. */
  readonly problems: readonly Problem[]
  /** Former keys; the file is good. */
  readonly deprecations: readonly Problem[]
}

/** Reads former keys of a rule file as the present ones. */
export function withCurrentKeys(yaml: YamlFile): CurrentKeys {
  const renamed: Renamed[] = []
  const value = renameKeys(yaml.value, toKey, (one) => renamed.push(one))
  if (renamed.length === 0) return { yaml, problems: [], deprecations: [] }
  return {
    yaml: {
      ...yaml,
      value,
      problemAt: (path, message) => yaml.problemAt(asWritten(path, renamed), message),
    },
    problems: renamed
      .filter(({ isTwice }) => isTwice)
      .map(({ path, former, key }) =>
        yaml.problemAt(path, `${former} is the former name of ${key}: remove it`),
      ),
    deprecations: renamed.map(({ path, former, key }) =>
      yaml.problemAt(path, `${former} is deprecated: write ${key}`),
    ),
  }
}

/** The rule with every renamed key under its former name: a rename must not make a rule look changed. */
export function withFormerKeys<T>(rule: T): T {
  return renameKeys(rule, toFormer, () => {}) as T
}

function renameKeys(
  value: unknown,
  renames: readonly Rename[],
  onRename: (renamed: Renamed) => void,
  path: YamlPath = [],
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => renameKeys(item, renames, onRename, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([former, inner]): [string, unknown] => {
    const place = [...path, former]
    const key = renames.find(({ pattern }) => matches(place, pattern))?.key
    const renamed = renameKeys(inner, renames, onRename, place)
    if (key === undefined) return [former, renamed]
    onRename({ path: place, former, key, isTwice: Object.hasOwn(value, key) })
    return [key, renamed]
  })
  return Object.fromEntries(entries)
}

function matches(path: YamlPath, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return path.length === 0
  if (first === '**') return path.some((_, index) => matches(path.slice(index), rest))
  return path.length > 0 && (first === '*' || first === path[0]) && matches(path.slice(1), rest)
}

/** The path of a present key as the text spells it. */
function asWritten(path: YamlPath, renamed: readonly Renamed[]): YamlPath {
  let written = path
  for (const { path: former, key } of renamed.toReversed()) {
    const last = former.length - 1
    const isHere =
      written[last] === key && former.slice(0, last).every((part, index) => part === written[index])
    if (isHere) written = [...former, ...written.slice(former.length)]
  }
  return written
}
