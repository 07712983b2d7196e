/** Reads a community file: all of it, or every problem with its line. */
import { type CommunityFile, communityFile } from '../model/community-file.ts'
import type { Problem } from '../model/errors.ts'
import { readYaml, type YamlFile, type YamlPath } from '../model/yaml.ts'
import { isRecord, readableLists } from './lists.ts'
import { communityProblems } from './problems.ts'

export type CommunityRead =
  | { readonly ok: true; readonly file: CommunityFile }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** `source` names the file in the problems. Never throws; problems are in the order of the file. */
export function readCommunity(yamlText: string, source: string): CommunityRead {
  const yaml = readYaml(yamlText, source)
  if (yaml.problems.length > 0) return { ok: false, problems: yaml.problems }
  const checked = communityFile.safeParse(yaml.value)
  const problems = [
    ...(checked.success ? [] : checked.error.issues.flatMap((issue) => shapeProblems(yaml, issue))),
    ...communityProblems(readableLists(yaml.value)).map(({ path, message }) => yaml.problemAt(path, message)),
  ]
  if (checked.success && problems.length === 0) return { ok: true, file: checked.data }
  return { ok: false, problems: problems.sort(byPlace) }
}

type Issue = NonNullable<ReturnType<typeof communityFile.safeParse>['error']>['issues'][number]

function shapeProblems(yaml: YamlFile, issue: Issue): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      yaml.problemAt([...issue.path, key], `unknown field ${JSON.stringify(key)}`),
    )
  return [yaml.problemAt(issue.path, shapeMessage(issue, valueAt(yaml.value, issue.path)))]
}

function shapeMessage(issue: Issue, value: unknown): string {
  if (value === undefined && issue.path.length > 0) return 'is missing'
  if (issue.code !== 'invalid_union') return issue.message
  return issue.path.includes('meta')
    ? 'expected a text, a number, true, false or a list of texts'
    : 'expected a text of 1-200 characters, or { zh, en } with one each'
}

function valueAt(root: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)]
    return isRecord(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined
  }, root)
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
