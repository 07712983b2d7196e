/** Renames `heldBy` and `holds` of alerts to `inhibitedBy` and `inhibits`, in their documents and in the change log. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const inhibition: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`UPDATE alerts SET doc = ${renamed('$')} WHERE json_type(doc, '$.holds') IS NOT NULL`.execute(db)
    await sql`UPDATE changes SET doc = ${renamed('$.after')}
      WHERE entity = 'alert' AND json_type(doc, '$.after.holds') IS NOT NULL`.execute(db)
    await sql`UPDATE changes SET doc = json_set(doc, '$.action', 'inhibited')
      WHERE entity = 'alert' AND json_extract(doc, '$.action') = 'held'`.execute(db)
  },
}

/** The document with the two properties of the alert at `path` renamed. */
function renamed(path: string): RawBuilder<string> {
  const [heldBy, holds] = [`${path}.heldBy`, `${path}.holds`]
  return sql`json_remove(
    json_set(doc,
      ${`${path}.inhibitedBy`}, json_extract(doc, ${heldBy}),
      ${`${path}.inhibits`}, json(json_extract(doc, ${holds}))),
    ${heldBy}, ${holds})`
}
