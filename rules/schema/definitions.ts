/** Shared definitions of `rules/library/definitions.yaml`: rules use a name in place of an expression, `presence` or signal. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Problem } from '../../model/errors.ts'
import { checkYaml, readYaml, type YamlFile, type YamlPath } from '../../model/yaml.ts'

/** Name of the file; it lies beside the shipped rules but is no rule. */
export const definitionsFile = 'definitions.yaml'

/** A hyphen tells the name of an expression from a field, parameter or signal. */
const expressionName = /^[a-z]+(-[a-z]+)+$/
const block = z.record(z.string(), z.unknown())
const definitionsSchema = z.strictObject({
  expressions: z.record(z.string().regex(expressionName), z.string()),
  presence: z.record(z.string(), block),
  signals: z.record(z.string(), block),
})

export type Definitions = z.output<typeof definitionsSchema>

/** The shipped definitions, with the expressions they use written out. Throws if the file is invalid. */
export const definitions: Definitions = readDefinitions()

function readDefinitions(): Definitions {
  const url = new URL(`../library/${definitionsFile}`, import.meta.url)
  const checked = checkYaml(readYaml(readFileSync(url, 'utf8'), definitionsFile), definitionsSchema)
  if (!checked.ok) throw new Error(`${definitionsFile} is invalid: ${JSON.stringify(checked.problems)}`)
  const { expressions, presence, signals } = checked.value
  const unknown: string[] = []
  const expand = (value: unknown, path: YamlPath): unknown =>
    expandValue(value, path, { expressions, presence: {}, signals: {} }, (_, message) =>
      unknown.push(message),
    )
  const expanded = {
    expressions,
    presence: expand(presence, ['presences']) as Definitions['presence'],
    signals: expand(signals, ['signal']) as Definitions['signals'],
  }
  if (unknown.length > 0) throw new Error(`${definitionsFile}: ${unknown.join('; ')}`)
  return expanded
}

type Report = (path: YamlPath, message: string) => void

/** A rule file with the definitions it names written out; unknown names are problems at their place in the file. */
export function withDefinitions(yaml: YamlFile): {
  readonly yaml: YamlFile
  readonly problems: readonly Problem[]
} {
  const { value } = yaml
  if (!isRecord(value)) return { yaml, problems: [] }
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push(yaml.problemAt(path, message))
  const expanded = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'condition' || key === 'signals' ? expandValue(part, [key], definitions, report) : part,
    ]),
  )
  return { yaml: { ...yaml, value: expanded }, problems }
}

function expandValue(value: unknown, path: YamlPath, known: Definitions, report: Report): unknown {
  if (typeof value === 'string') return expandName(value, path, known, report)
  if (Array.isArray(value))
    return value.map((one, index) => expandValue(one, [...path, index], known, report))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, expandValue(part, [...path, key], known, report)]),
  )
}

function expandName(text: string, path: YamlPath, known: Definitions, report: Report): unknown {
  const kind = kindAt(path)
  if (kind === 'expressions' && !expressionName.test(text)) return text
  const table: Readonly<Record<string, unknown>> = known[kind]
  if (Object.hasOwn(table, text)) return table[text]
  report(path, `unknown definition "${text}"; known: ${Object.keys(table).join(', ')}`)
  return text
}

function kindAt(path: YamlPath): keyof Definitions {
  if (path.at(-1) === 'presence') return 'presence'
  return path.length === 2 && path[0] === 'signals' ? 'signals' : 'expressions'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
