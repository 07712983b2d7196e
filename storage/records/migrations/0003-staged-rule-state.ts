/** A snapshot of rule state while it is being written in several transactions. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const stagedRuleState: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('rule_state_staged')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text')
      .execute()
  },
}
