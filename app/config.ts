/** Configuration: the rooms' option schemas joined; parsed once, every error at once, handed out in parts. */
import { z } from 'zod'
import { alertOptions } from '../alerts/options.ts'
import { brokerOptions } from '../broker/options.ts'
import { caseOptions } from '../cases/options.ts'
import { dashboardOptions } from '../dashboard/server/options.ts'
import { ingestOptions } from '../ingest/options.ts'
import { LinliError, type Problem } from '../model/errors.ts'
import { checkYaml, readYaml } from '../model/yaml.ts'
import { historyOptions } from '../storage/history/options.ts'
import { journalOptions } from '../storage/journal/options.ts'
import { type Setting, settingsOf } from './settings.ts'

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).default('data').describe('Folder of journal, records and embedded history'),
  community: z.string().min(1).default('community.yaml').describe('The community file'),
  rules: z.string().nullable().default(null).describe('Folder of rule files; null = the shipped library'),
  clock: z
    .enum(['system', 'replay'])
    .default('system')
    .describe('replay: time is the newest ts heard, so a recorded log replays in minutes'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least level that is logged'),
  broker: brokerOptions.prefault({}),
  ingest: ingestOptions.prefault({}),
  journal: journalOptions.prefault({}),
  history: historyOptions.prefault({}),
  alerts: alertOptions.prefault({}),
  cases: caseOptions.prefault({}),
  dashboard: dashboardOptions.prefault({}),
})

export type Config = z.output<typeof configSchema>

export interface ConfigSource {
  /** YAML text and its name; absent = no file. */
  readonly file?: { readonly text: string; readonly name: string }
  readonly env: Readonly<Record<string, string | undefined>>
  /** From the command line, by path: `{ 'broker.port': 1884 }`; the strongest. */
  readonly overrides?: Readonly<Record<string, unknown>>
}

/** Variables of the tests and of the tools around the hub, not settings. */
const notSettings = /^LINLI_TEST_/

/** File, then environment, then command line. Throws CONFIG_INVALID with every problem. */
export function loadConfig(source: ConfigSource): Config {
  const file = readYaml(source.file?.text ?? '{}', source.file?.name ?? 'configuration')
  const settings = settingsOf(configSchema)
  const value = isObject(file.value) ? structuredClone(file.value) : file.value === null ? {} : file.value
  const origin = isObject(value) ? override(value, settings, source) : new Map<string, string>()
  const checked = checkYaml({ ...file, value }, configSchema)
  const problems = [...unknownVariables(settings, source.env), ...(checked.ok ? [] : checked.problems)]
  if (checked.ok && problems.length === 0) return deepFreeze(checked.value)
  throw new LinliError('CONFIG_INVALID', 'the configuration is refused', {
    problems: problems.map((problem) => toldAt(problem, origin.get(problem.path ?? ''))),
  })
}

/** Puts variables and options over the file's values; tells which setting came from where. */
function override(value: Tree, settings: readonly Setting[], source: ConfigSource): Map<string, string> {
  const origin = new Map<string, string>()
  for (const { path, env } of settings) {
    const text = source.env[env]
    if (text === undefined) continue
    put(value, path, readYaml(text, env).value)
    origin.set(path.join('.'), env)
  }
  for (const [path, given] of Object.entries(source.overrides ?? {})) {
    if (given === undefined) continue
    put(value, path.split('.'), given)
    origin.set(path, 'command line')
  }
  return origin
}

/** A value that did not come from the file has no line in it. */
function toldAt(problem: Problem, origin: string | undefined): Problem {
  if (origin === undefined) return problem
  return { source: origin, message: problem.message, ...(problem.path && { path: problem.path }) }
}

function unknownVariables(settings: readonly Setting[], env: ConfigSource['env']): Problem[] {
  const known = new Set(settings.map((setting) => setting.env))
  return Object.keys(env)
    .filter((name) => name.startsWith('LINLI_') && !notSettings.test(name) && !known.has(name))
    .map((name) => ({ source: 'environment', path: name, message: 'no such setting' }))
}

type Tree = Record<string, unknown>
const isObject = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const child = isObject(tree[key]) ? (tree[key] as Tree) : {}
  tree[key] = child
  put(child, rest, value)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) deepFreeze(child)
    Object.freeze(value)
  }
  return value
}
