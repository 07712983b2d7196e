/** The rules that come with the house: `rules/library/*.yaml`, and `rules/templates/*.yaml`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSource } from '../schema/rule-file.ts'

export const libraryFolder = import.meta.dirname
/** Small ones that judge nobody: what a new rule may begin with. */
export const templatesFolder = join(import.meta.dirname, '../templates')

/** All rule files (`.yaml`) of a folder, by name. Throws when the folder cannot be read. */
export function readRuleFolder(folder: string): RuleSource[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((source) => ({ source, text: readFileSync(join(folder, source), 'utf8') }))
}
