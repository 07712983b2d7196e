/** A YAML text with its places, so that every problem is told with line and column. */
import { isNode, LineCounter, type Node, parseDocument } from 'yaml'
import type { Problem } from '../model/errors.ts'

export type Path = readonly (string | number)[]

export interface RuleSource {
  /** File name, for problems. */
  readonly source: string
  readonly text: string
}

export interface YamlSource {
  /** The content; undefined when the text is no YAML. */
  readonly value: unknown
  readonly problems: readonly Problem[]
  /** A problem at the nearest place that exists. */
  problemAt(path: Path, message: string): Problem
}

const longest = 64 * 1024

export function readYaml({ source, text }: RuleSource): YamlSource {
  const lines = new LineCounter()
  if (text.length > longest) {
    return empty(source, [{ source, message: `longer than ${longest} characters` }])
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core' })
  const at = (offset: number): Pick<Problem, 'line' | 'column'> => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      source,
      ...at(error.pos[0]),
      message: error.message.split('\n')[0] ?? error.code,
    }))
    return empty(source, problems)
  }
  const value = contentOf(document)
  if (value === undefined) return empty(source, [{ source, message: 'aliases cannot be used' }])
  return {
    value,
    problems: [],
    problemAt(path, message) {
      const node = nearest(document.contents, (part) => document.getIn(part, true), path)
      const place = node?.range ? at(node.range[0]) : {}
      return { source, ...place, path: formatPath(path), message }
    },
  }
}

function empty(source: string, problems: readonly Problem[]): YamlSource {
  return {
    value: undefined,
    problems,
    problemAt: (path, message) => ({ source, path: formatPath(path), message }),
  }
}

/** Aliases could blow a small file up, so there are none. */
function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? null
  } catch {
    return undefined
  }
}

function nearest(root: unknown, find: (path: Path) => unknown, path: Path): Node | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = find(path.slice(0, length))
    if (isNode(node)) return node
  }
  return isNode(root) ? root : undefined
}

function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  )
}
