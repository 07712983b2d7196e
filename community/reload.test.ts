import { expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { LinliError } from '../model/errors.ts'
import { type Logger, silentLogger } from '../model/ports/logger.ts'
import { countingMetrics } from '../tests/support/counting-metrics.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { createLiveDirectory } from './directory.ts'
import { createReload, type ReloadDeps } from './reload.ts'

const fileWith = (bins: readonly string[], staff: readonly object[] = []) =>
  communityFile.parse({
    sites: [{ id: 's', name: 'S', timeZone: 'UTC', latitude: 0, longitude: 0 }],
    devices: bins.map((id) => ({ id, type: 'bin', site: 's' })),
    staff,
  })

function setUp(more: Partial<ReloadDeps> = {}) {
  const { metrics, counts } = countingMetrics('linli_community_')
  const disconnected: string[] = []
  const errors: string[] = []
  const logger: Logger = {
    ...silentLogger,
    error: (fields, message) => errors.push(`${message} ${JSON.stringify(fields)}`),
  }
  const directory = createLiveDirectory(fileWith(['a', 'b']))
  const deps: ReloadDeps = {
    directory,
    records: memoryRecords(),
    logger,
    metrics,
    load: async () => fileWith(['b', 'c']),
    disconnect: (device, reason) => disconnected.push(`${device} ${reason}`),
    signOut: async () => {},
    ...more,
  }
  const known = (): string[] => directory.devices().map(({ id }) => id)
  return { reload: createReload(deps), known, disconnected, errors, counts }
}

test('removed devices are disconnected', async () => {
  const { reload, known, disconnected, counts } = setUp()
  expect(await reload()).toEqual({ ok: true, added: 1, removed: 1, moved: 0 })
  expect([known(), disconnected, counts.get('reloads taken')]).toEqual([['b', 'c'], ['a removed'], 1])
})

test('when staff cannot be saved, nothing changes', async () => {
  const transaction = async (): Promise<never> => {
    throw new LinliError('STORAGE_FAILED', 'the disk is full')
  }
  const { reload, known, disconnected, errors, counts } = setUp({ records: { transaction } })
  expect(await reload()).toMatchObject({ ok: false, message: 'the disk is full' })
  expect([known(), disconnected, counts.get('reloads refused')]).toEqual([['a', 'b'], [], 1])
  expect(errors[0]).toContain('the running one stays')
})

test('a failed sign-out is logged and does not stop the reload', async () => {
  const records = memoryRecords()
  const crew = (role: object) => fileWith(['a', 'b'], [{ login: 'li', name: 'Li', ...role }])
  const files = [crew({ role: 'supervisor' }), crew({ role: 'duty-officer' })]
  const { reload, errors } = setUp({
    records,
    load: async () => files.shift() ?? fileWith([]),
    signOut: async (login) => {
      throw new Error(`no session store for ${login}`)
    },
  })
  await reload()
  expect(await reload()).toMatchObject({ ok: true })
  expect((await records.users.get('li'))?.role).toBe('duty-officer')
  expect(errors).toHaveLength(1)
})

test('overlapping reloads run one after the other: the newest file wins', async () => {
  const slow = Promise.withResolvers<void>()
  const files = [slow.promise.then(() => fileWith(['old'])), Promise.resolve(fileWith(['new']))]
  const { reload, known } = setUp({ load: async () => (await files.shift()) ?? fileWith([]) })
  const both = Promise.all([reload(), reload()])
  slow.resolve()
  await both
  expect(known()).toEqual(['new'])
})
