/** The first tables. A released migration is never changed; a change of the schema is a new file. */
import { randomUUID } from 'node:crypto'
import type { Kysely, SchemaModule } from 'kysely'
import type { Migration } from 'kysely/migration'

export const first: Migration = {
  async up(db: Kysely<unknown>) {
    await alerts(db.schema)
    await cases(db.schema)
    await changes(db)
    await state(db.schema)
    await people(db.schema)
  },
}

async function alerts(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('alerts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('raised_at', 'bigint', (column) => column.notNull())
    .addColumn('cleared_at', 'bigint')
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await index(schema, 'alerts', ['open', 'raised_at'])
  await index(schema, 'alerts', ['raised_at'])
  await index(schema, 'alerts', ['device', 'raised_at'])
  await index(schema, 'alerts', ['site', 'raised_at'])
  await schema
    .createTable('alert_devices')
    .addColumn('alert_id', 'text', (column) => column.notNull())
    .addColumn('device', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('alert_devices_key', ['alert_id', 'device'])
    .execute()
  await index(schema, 'alert_devices', ['device'])
}

async function cases(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('cases')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await index(schema, 'cases', ['state', 'opened_at'])
  await index(schema, 'cases', ['opened_at'])
  await schema
    .createTable('case_numbers')
    .addColumn('day', 'text', (column) => column.primaryKey())
    .addColumn('last', 'integer', (column) => column.notNull())
    .execute()
  await schema
    .createTable('work_orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('case_id', 'text', (column) => column.notNull())
    .addColumn('crew', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await index(schema, 'work_orders', ['case_id', 'created_at'])
  await index(schema, 'work_orders', ['open', 'crew', 'created_at'])
}

async function changes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('changes')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('entity', 'text', (column) => column.notNull())
    .addColumn('entity_id', 'text', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await index(db.schema, 'changes', ['entity', 'entity_id', 'seq'])
  await index(db.schema, 'changes', ['at'])
  await db.schema
    .createTable('change_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute()
  await (db as Kysely<{ change_head: { id: number; epoch: string; seq: number } }>)
    .insertInto('change_head')
    .values({ id: 1, epoch: randomUUID(), seq: 0 })
    .execute()
}

async function state(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('cursors')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute()
  await schema
    .createTable('rule_state')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createTable('latest')
    .addColumn('device', 'text', (column) => column.primaryKey())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
}

async function people(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('users')
    .addColumn('login', 'text', (column) => column.primaryKey())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createTable('sessions')
    .addColumn('id_hash', 'text', (column) => column.primaryKey())
    .addColumn('login', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .execute()
  await index(schema, 'sessions', ['login'])
  await index(schema, 'sessions', ['expires_at'])
  await schema
    .createTable('credentials')
    .addColumn('device', 'text', (column) => column.primaryKey())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await schema
    .createTable('idempotency')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute()
  await index(schema, 'idempotency', ['at'])
}

function index(schema: SchemaModule, table: string, columns: string[]): Promise<void> {
  return schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute()
}
