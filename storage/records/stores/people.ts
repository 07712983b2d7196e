/** Users, their sessions, device credentials, and answers by idempotency key. */
import type { RecordsTx } from '../../../model/ports/records.ts'
import type { User } from '../../../model/user.ts'
import { type Db, fromDoc, fromOptionalDoc, toDoc } from '../rows.ts'

export function userStore(db: Db): RecordsTx['users'] {
  return {
    get: async (login) =>
      fromOptionalDoc(
        await db.selectFrom('users').select('doc').where('login', '=', login).executeTakeFirst(),
      ),
    async put(user) {
      const row = { doc: toDoc(user) }
      await db
        .insertInto('users')
        .values({ login: user.login, ...row })
        .onConflict((conflict) => conflict.column('login').doUpdateSet(row))
        .execute()
    },
    list: async () =>
      (await db.selectFrom('users').select('doc').orderBy('login').execute()).map(fromDoc<User>),
  }
}

export function sessionStore(db: Db): RecordsTx['sessions'] {
  return {
    get: async (idHash) =>
      fromOptionalDoc(
        await db.selectFrom('sessions').select('doc').where('id_hash', '=', idHash).executeTakeFirst(),
      ),
    async put(session) {
      const row = { login: session.login, expires_at: session.expiresAt, doc: toDoc(session) }
      await db
        .insertInto('sessions')
        .values({ id_hash: session.idHash, ...row })
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(row))
        .execute()
    },
    async delete(idHash) {
      await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute()
    },
    async deleteOfUser(login) {
      await db.deleteFrom('sessions').where('login', '=', login).execute()
    },
    async deleteExpired(now) {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('expires_at', '<=', now)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

export function credentialStore(db: Db): RecordsTx['credentials'] {
  return {
    async all() {
      const rows = await db.selectFrom('credentials').selectAll().execute()
      return new Map(
        rows.map((row) => [row.device, { secretHash: row.secret_hash, revokedAt: row.revoked_at }]),
      )
    },
    async put(device, credential) {
      const row = { secret_hash: credential.secretHash, revoked_at: credential.revokedAt }
      await db
        .insertInto('credentials')
        .values({ device, ...row })
        .onConflict((conflict) => conflict.column('device').doUpdateSet(row))
        .execute()
    },
  }
}

export function idempotencyStore(db: Db): RecordsTx['idempotency'] {
  return {
    async get(key) {
      const row = await db
        .selectFrom('idempotency')
        .select('answer')
        .where('key', '=', key)
        .executeTakeFirst()
      return row?.answer
    },
    async put(key, answer, at) {
      await db
        .insertInto('idempotency')
        .values({ key, answer, at })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ answer, at }))
        .execute()
    },
    async deleteBefore(at) {
      const { numDeletedRows } = await db
        .deleteFrom('idempotency')
        .where('at', '<', at)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
