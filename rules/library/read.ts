/** Folders of the shipped rules (`rules/library`) and of the templates for new rules (`rules/templates`). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { definitionsFile } from '../schema/definitions.ts'
import type { RuleSource } from '../schema/rule-file.ts'

export const libraryFolder = import.meta.dirname
/** Templates for new rules; the hub does not run them. */
export const templatesFolder = join(import.meta.dirname, '../templates')

/** All rule files (`.yaml`) of a folder by name, without the shared definitions. Throws if the folder cannot be read. */
export function readRuleFolder(folder: string): RuleSource[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== definitionsFile)
    .sort()
    .map((source) => ({ source, text: readFileSync(join(folder, source), 'utf8') }))
}
