/** A process that stops for ever in the middle of a migration: `half-migration.ts <records>`. */
import { Kysely } from 'kysely'
import { migrate } from '../../../storage/records/migrate.ts'
import { migrations } from '../../../storage/records/migrations/table.ts'
import { openRecordsThread, sqliteDialect } from '../../../storage/records/sqlite.ts'

const db = new Kysely({ dialect: sqliteDialect(await openRecordsThread(process.argv[2] ?? '')) })
await migrate(db, {
  ...migrations,
  '0999-half': {
    async up(tx) {
      await tx.schema.createTable('half').addColumn('id', 'integer').execute()
      await tx.schema.dropTable('alerts').execute()
      process.stdout.write('half way\n')
      await new Promise(() => setInterval(() => {}, 1_000))
    },
  },
})
