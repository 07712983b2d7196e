/** Compiles rule files to rules ready to run, or returns every problem of every file. */
import type { DeviceType } from '../../model/device-type.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import type { Problem } from '../../model/errors.ts'
import { checkYaml, readYaml, type YamlFile, type YamlPath } from '../../model/yaml.ts'
import type { Layout } from '../expression/scope.ts'
import { withDefinitions } from '../schema/definitions.ts'
import { withCurrentKeys } from '../schema/former-keys.ts'
import { type RuleFile, type RuleSource, ruleFile } from '../schema/rule-file.ts'
import type { CompiledRule, CompiledRules } from './compiled-rule.ts'
import { compileRule } from './rule-compiler.ts'

export type CompileResult =
  | { readonly ok: true; readonly rules: CompiledRules; readonly deprecations: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

interface Read {
  readonly yaml: YamlFile
  readonly file: RuleFile
  /** Former keys in its text. */
  readonly deprecations: readonly Problem[]
}

/** Characters; the largest shipped rule has under 2,000. */
const maxCharacters = 64 * 1024

/** Reads a rule file and checks its form; expressions are checked by `compileRules`. */
export function readRule({ source, text }: RuleSource): Read | { readonly problems: readonly Problem[] } {
  if (text.length > maxCharacters)
    return { problems: [{ source, message: `longer than ${maxCharacters} characters` }] }
  const { yaml: current, problems: formerProblems, deprecations } = withCurrentKeys(readYaml(text, source))
  const { yaml, problems: unknownNames } = withDefinitions(current)
  const problems = [...formerProblems, ...unknownNames]
  const checked = checkYaml(yaml, ruleFile)
  if (!checked.ok) return { problems: [...problems, ...checked.problems] }
  return problems.length > 0 ? { problems } : { yaml, file: checked.value, deprecations }
}

/**
 * Compiles rule files (YAML text, one rule each) for the given device types. Pure: reads no disk.
 * Returns all problems of all files, with file, line, column and path. `others`: ids of existing rules that are not in `files`.
 */
export function compileRules(
  files: readonly RuleSource[],
  types: ReadonlyMap<string, DeviceType> = deviceTypes,
  others: ReadonlySet<string> = new Set(),
): CompileResult {
  const problems: Problem[] = []
  const read: Read[] = []
  for (const source of files) {
    const found = readRule(source)
    if ('problems' in found) problems.push(...found.problems)
    else read.push(found)
  }
  problems.push(...crossChecks(read, others), ...inhibitCycles(read))
  const layouts = new Map<string, Layout>([...types.keys()].map((type) => [type, { type, fields: [] }]))
  const list: CompiledRule[] = []
  for (const { yaml, file } of read) {
    const own: Problem[] = []
    const addProblem = (message: string, path: YamlPath): void => {
      own.push(yaml.problemAt(path, message))
    }
    const rule = compileRule(file, { types, layouts, addProblem })
    problems.push(...own)
    if (rule && own.length === 0) list.push(rule)
  }
  if (problems.length > 0) return { ok: false, problems }
  list.sort((a, b) => (a.id < b.id ? -1 : 1))
  const deprecations = read.flatMap((one) => one.deprecations)
  return { ok: true, rules: { list, layouts }, deprecations }
}

/** Rules that inhibit each other would hide both alerts; reported at each of them. */
function inhibitCycles(read: readonly Read[]): Problem[] {
  const byId = new Map(read.map((one) => [one.file.id, one.file]))
  const leadsTo = (from: string, target: string, passed: Set<string>): boolean => {
    if (passed.has(from)) return false
    passed.add(from)
    return (byId.get(from)?.inhibits ?? []).some(
      (other) => other === target || leadsTo(other, target, passed),
    )
  }
  return read.flatMap(({ yaml, file }) =>
    file.inhibits.flatMap((other, index) =>
      other !== file.id && leadsTo(other, file.id, new Set())
        ? [yaml.problemAt(['inhibits', index], `${other} inhibits this rule, directly or through others`)]
        : [],
    ),
  )
}

function crossChecks(read: readonly Read[], others: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const ids = new Set(read.map(({ file }) => file.id))
  for (const { yaml, file } of read) {
    if (seen.has(file.id)) problems.push(yaml.problemAt(['id'], `another rule has the id ${file.id}`))
    seen.add(file.id)
    file.inhibits.forEach((other, index) => {
      if (other === file.id)
        problems.push(yaml.problemAt(['inhibits', index], 'a rule cannot inhibit itself'))
      else if (!ids.has(other) && !others.has(other))
        problems.push(yaml.problemAt(['inhibits', index], `there is no rule ${other}`))
    })
    file.completes?.forEach((other, index) => {
      if (other === file.id)
        problems.push(yaml.problemAt(['completes', index], 'a rule cannot complete itself'))
      else if (!ids.has(other) && !others.has(other))
        problems.push(yaml.problemAt(['completes', index], `there is no rule ${other}`))
    })
    problems.push(...completesProblems({ yaml, file }))
  }
  return problems
}

/** Options without effect: a rule that completes work raises no alert, and work orders are for one device. */
function completesProblems({ yaml, file }: Pick<Read, 'yaml' | 'file'>): Problem[] {
  if (!file.completes) return []
  const useless = [
    ...(file.inhibits.length > 0 ? ['inhibits'] : []),
    ...(file.steps.length > 0 ? ['steps'] : []),
    ...(file.sameCase === undefined ? [] : ['sameCase']),
  ]
  return [
    ...(file.applies.of === 'device'
      ? []
      : [yaml.problemAt(['completes'], 'completes is only for one device')]),
    ...useless.map((name) => yaml.problemAt([name], 'cannot be combined with `completes`')),
  ]
}
