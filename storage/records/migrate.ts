/** Migrates a database to the newest schema: all pending migrations in one transaction. */
import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { LinliError } from '../../model/errors.ts'

/** Throws STORAGE_FAILED when the database is of a newer version of the hub, or when a migration fails. */
export async function migrate<T>(
  db: Kysely<T>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'migrations',
    migrationLockTableName: 'migration_lock',
  })
  const unknown = await unknownMigrations(db, migrations)
  if (unknown.length > 0)
    throw new LinliError(
      'STORAGE_FAILED',
      `The records were written by a newer version of the hub (${unknown.join(', ')}); start that version.`,
    )
  const { error } = await migrator.migrateToLatest()
  if (error instanceof LinliError) throw error
  if (error)
    throw new LinliError('STORAGE_FAILED', `The records cannot be migrated: ${String(error)}`, {
      cause: error,
    })
}

async function unknownMigrations<T>(
  db: Kysely<T>,
  known: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'migrations')) return []
  const rows = await (db as unknown as Kysely<{ migrations: { name: string } }>)
    .selectFrom('migrations')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map((row) => row.name).filter((name) => !(name in known))
}
