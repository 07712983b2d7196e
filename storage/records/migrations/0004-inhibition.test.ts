import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { isOpen } from '../../../model/alert.ts'
import { aChange, anAlert } from '../../../tests/contracts/records.ts'
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts'
import { openSqliteRecords } from '../sqlite-records.ts'

/** The document as it was written before the properties were renamed. */
function formerAlert(id: string, heldBy: string | null, holds: readonly string[]): string {
  const { inhibitedBy: _, inhibits: __, ...rest } = anAlert(id)
  return JSON.stringify({ ...rest, heldBy, holds })
}

test('alerts and changes written with the former names are read with the new ones', async () => {
  const path = `${temporaryFolder()}/records.db`
  const fresh = await openSqliteRecords(path)
  await fresh.close()
  const database = new DatabaseSync(path)
  database.exec(`DELETE FROM migrations WHERE name = '0004-inhibition'`)
  const alert = database.prepare(
    `INSERT INTO alerts (id, device, site, raised_at, cleared_at, open, doc) VALUES (?, 'd', 's', ?, NULL, 1, ?)`,
  )
  const cause = anAlert('cause')
  alert.run('cause', 1, formerAlert('cause', null, ['lamp-dark', 'device-offline']))
  alert.run('lamp', 2, formerAlert('lamp', 'cause', []))
  const change = database.prepare(
    `INSERT INTO changes (seq, at, entity, entity_id, doc) VALUES (?, 1, ?, ?, ?)`,
  )
  const after = JSON.parse(formerAlert('lamp', 'cause', []))
  const former = { ...aChange(cause), seq: 1, prevSeq: 0, action: 'held', after }
  change.run(1, 'alert', 'lamp', JSON.stringify(former))
  change.run(2, 'case', 'c', JSON.stringify({ seq: 2, entity: 'case', action: 'held', after: { id: 'c' } }))
  database.exec('UPDATE change_head SET seq = 2')
  database.close()

  const records = await openSqliteRecords(path)
  expect(await records.alerts.get('cause')).toEqual({
    ...anAlert('cause'),
    inhibitedBy: null,
    inhibits: ['lamp-dark', 'device-offline'],
  })
  const lamp = { ...anAlert('lamp'), inhibitedBy: 'cause', inhibits: [] }
  expect((await records.alerts.open()).filter(isOpen)).toContainEqual(lamp)
  const [ofAlert, ofCase] = await records.changes.after(0, 10)
  expect(ofAlert).toMatchObject({ action: 'inhibited', after: lamp })
  expect(ofAlert?.after).not.toHaveProperty('heldBy')
  expect(ofCase).toMatchObject({ action: 'held' })
  await records.close()
})
