/** YAML files people write (config, community, rules): every problem at once, each with its line and path. */
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import type { Problem } from './errors.ts'

/** Where in a document: keys and indexes from the root. */
export type YamlPath = readonly PropertyKey[]

export interface YamlFile {
  /** The plain value as written; undefined when the text is not YAML. */
  readonly value: unknown
  /** What is wrong with the text itself. */
  readonly problems: readonly Problem[]
  /** A problem at a place of this file: line and column of that node, or of its nearest parent that exists. */
  problemAt(path: YamlPath, message: string): Problem
}

/** A file larger than this is refused unread. */
const MAX_BYTES = 16 * 1024 * 1024
/** How often aliases may be expanded ("billion laughs"). */
const MAX_ALIASES = 100

/** Reads YAML 1.2 text (so `on` and `off` stay words). Never throws. */
export function readYaml(text: string, source: string): YamlFile {
  const nothing = {
    value: undefined,
    problemAt: (path: YamlPath, message: string) => place(source, path, message),
  }
  if (text.length > MAX_BYTES)
    return { ...nothing, problems: [{ source, message: `larger than ${MAX_BYTES} bytes` }] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return { source, line, column: col, message: error.message }
  })
  if (problems.length > 0) return { ...nothing, problems }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    const problemAt = (path: YamlPath, message: string): Problem => {
      const offset = offsetOf(document, path)
      if (offset === undefined) return place(source, path, message)
      const { line, col } = lines.linePos(offset)
      return { ...place(source, path, message), line, column: col }
    }
    const loop = loopIn(value, new Set())
    if (loop) return { ...nothing, problems: [problemAt(loop, 'an alias stands inside of what it repeats')] }
    return { value, problems: [], problemAt }
  } catch (error) {
    const offset = firstAlias(document)
    const at = offset === undefined ? undefined : lines.linePos(offset)
    const message = error instanceof Error ? error.message : String(error)
    return { ...nothing, problems: [{ source, ...(at && { line: at.line, column: at.col }), message }] }
  }
}

/** Position of a cycle (an alias inside itself); readers must not have to deal with endless values. */
function loopIn(value: unknown, above: Set<unknown>): YamlPath | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (above.has(value)) return []
  above.add(value)
  for (const [key, part] of Object.entries(value)) {
    const inside = loopIn(part, above)
    if (inside) return [Array.isArray(value) ? Number(key) : key, ...inside]
  }
  above.delete(value)
  return undefined
}

/** Offset of the first alias: what cannot be expanded begins there. */
function firstAlias(document: Document): number | undefined {
  let found: number | undefined
  visit(document, {
    Alias(_, node) {
      found ??= node.range?.[0]
    },
  })
  return found
}

/** Checks a file against a schema; all problems, in the order of the file. */
export function checkYaml<S extends z.ZodType>(
  file: YamlFile,
  schema: S,
):
  | { readonly ok: true; readonly value: z.output<S> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  if (file.problems.length > 0) return { ok: false, problems: file.problems }
  const checked = schema.safeParse(file.value)
  if (checked.success) return { ok: true, value: checked.data }
  const problems = checked.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => file.problemAt([...issue.path, key], `unknown field ${JSON.stringify(key)}`))
      : [file.problemAt(issue.path, messageOf(issue))],
  )
  return { ok: false, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
}

/** Of a key, what is wrong with it rather than that it is wrong. */
const messageOf = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message

function place(source: string, path: YamlPath, message: string): Problem {
  return path.length > 0 ? { source, path: formatPath(path), message } : { source, message }
}

/** `homes[3].name` */
export function formatPath(path: YamlPath): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join('')
}

/** Offset of the key that names the place (or of the item of a list); the nearest existing parent otherwise. */
function offsetOf(document: Document, path: YamlPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isNode(item.key) && String(item.key) === String(key),
      )
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return isNode(document.contents) ? document.contents.range?.[0] : undefined
}
