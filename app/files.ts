/** Reading the files that a person names on the command line, with errors that name the file. */
import { readFile } from 'node:fs/promises'
import { readCommunity } from '../community/read.ts'
import type { CommunityFile } from '../model/community-file.ts'
import { LinliError, type Problem } from '../model/errors.ts'
import { compileRules } from '../rules/compile/compile-rules.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { libraryFolder, readRuleFolder } from '../rules/library/read.ts'
import type { RuleSource } from '../rules/schema/rule-file.ts'

/** Throws `code` naming the file when it cannot be read. */
export async function readText(
  path: string,
  code: 'USAGE' | 'COMMUNITY_INVALID' | 'RULES_INVALID' | 'LOG_INVALID' = 'USAGE',
): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new LinliError(code, `cannot read ${path} (${reason})`, { cause: error })
  }
}

/** The community file, or COMMUNITY_INVALID with every problem. */
export async function loadCommunity(path: string): Promise<CommunityFile> {
  const read = readCommunity(await readText(path, 'COMMUNITY_INVALID'), path)
  if (read.ok) return read.file
  throw new LinliError('COMMUNITY_INVALID', `${path} is refused`, { problems: read.problems })
}

/** The texts of all rule files of a folder (the shipped library when null), or RULES_INVALID. */
export function readRules(folder: string | null): RuleSource[] {
  const from = folder ?? libraryFolder
  let files: RuleSource[]
  try {
    files = readRuleFolder(from)
  } catch (error) {
    throw new LinliError('RULES_INVALID', `cannot read the rules in ${from}`, { cause: error })
  }
  if (files.length === 0) throw new LinliError('RULES_INVALID', `${from} holds no rule files (*.yaml)`)
  return files
}

/** All rules of a folder, or RULES_INVALID with every problem of all of them. `onDeprecation` receives former keys. */
export function loadRules(
  folder: string | null,
  onDeprecation: (deprecation: Problem) => void = () => {},
): CompiledRules {
  const compiled = compileRules(readRules(folder))
  if (compiled.ok) {
    compiled.deprecations.forEach(onDeprecation)
    return compiled.rules
  }
  throw new LinliError('RULES_INVALID', `the rules in ${folder ?? libraryFolder} are refused`, {
    problems: compiled.problems,
  })
}
