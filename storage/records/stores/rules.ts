/** Saved versions of rules; never changed or deleted. */
import { LinliError } from '../../../model/errors.ts'
import type { RecordsTx } from '../../../model/ports/records.ts'
import type { RuleVersion } from '../../../model/rule-version.ts'
import { type Db, fromDoc, toDoc } from '../rows.ts'

export function ruleVersionStore(db: Db): RecordsTx['rules'] {
  return {
    async append(version) {
      const { rule, at, afterSeq } = version
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('rule_versions')
        .values({ rule, version: version.version, at, after_seq: afterSeq, doc: toDoc(version) })
        .onConflict((conflict) => conflict.columns(['rule', 'version']).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows === 0n)
        throw new LinliError('CONFLICT', `${rule} already has a version ${version.version}`)
    },
    async newest() {
      const rows = await db
        .selectFrom('rule_versions as one')
        .select('one.doc')
        .where(({ eb, selectFrom }) =>
          eb(
            'one.version',
            '=',
            selectFrom('rule_versions as all')
              .select((select) => select.fn.max('all.version').as('newest'))
              .whereRef('all.rule', '=', 'one.rule'),
          ),
        )
        .orderBy('one.rule')
        .execute()
      return rows.map(fromDoc<RuleVersion>)
    },
    async of(rule) {
      const rows = await db
        .selectFrom('rule_versions')
        .select('doc')
        .where('rule', '=', rule)
        .orderBy('version', 'desc')
        .execute()
      return rows.map(fromDoc<RuleVersion>)
    },
  }
}
