/** All migrations in order; a new one is a file and one line here. */
import type { Migration } from 'kysely/migration'
import { first } from './0001-first.ts'
import { ruleVersions } from './0002-rule-versions.ts'
import { stagedRuleState } from './0003-staged-rule-state.ts'
import { inhibition } from './0004-inhibition.ts'

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-rule-versions': ruleVersions,
  '0003-staged-rule-state': stagedRuleState,
  '0004-inhibition': inhibition,
}
