/** Saved versions of rules. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const ruleVersions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('rule_versions')
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('after_seq', 'bigint', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('rule_versions_key', ['rule', 'version'])
      .execute()
  },
}
