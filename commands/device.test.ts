import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { hashSecret } from '../broker/credentials.ts'
import { callCommand } from '../tests/support/command-context.ts'
import { smallCommunity } from '../tests/support/small-community.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { readConfig } from './config-option.ts'
import { deviceCommand } from './device.ts'
import { withRecords } from './with-records.ts'

let folder = ''
let config = ''
const inFolder = (name: string): string => join(folder, name)
const device = (args: readonly string[], now = 0) =>
  callCommand(deviceCommand, [...args, '--config', config], { now })
const write = (name: string, value: unknown): string => {
  writeFileSync(inFolder(name), JSON.stringify(value))
  return inFolder(name)
}
async function credentials() {
  const context = { env: {} } as Parameters<typeof readConfig>[0]
  return withRecords(await readConfig(context, config), (records) => records.credentials.all())
}
const secret = 'a-secret-of-24-characters'

beforeEach(() => {
  folder = temporaryFolder()
  writeFileSync(inFolder('community.yaml'), stringify(smallCommunity))
  config = write('linli.yaml', { dataDir: inFolder('data'), community: inFolder('community.yaml') })
})

describe('device import', () => {
  test.each([
    ['neither --in nor --out', []],
    ['both --in and --out', ['--in', 'a.json', '--out', 'b.json']],
  ])('rejects %s', async (_, options) => {
    const { error } = await device(['import', ...options])
    expect(error).toMatchObject({ code: 'USAGE', message: 'give either --in or --out' })
  })

  test('stores only hashes of the given secrets', async () => {
    const { error, stdout } = await device(['import', '--in', write('in.json', { 'lift-1': secret })])
    expect({ error, stdout }).toEqual({ error: undefined, stdout: ['1 secrets stored'] })
    expect([...(await credentials())]).toEqual([
      ['lift-1', { secretHash: hashSecret(secret), revokedAt: null }],
    ])
  })

  test('rejects a file with unknown devices and stores nothing of it', async () => {
    const file = write('in.json', { 'lift-1': secret, 'lift-98': secret, 'lift-99': secret })
    const { error } = await device(['import', '--in', file])
    expect(error).toMatchObject({
      code: 'USAGE',
      problems: [
        { source: file, path: 'lift-98', message: 'unknown device' },
        { source: file, path: 'lift-99', message: 'unknown device' },
      ],
    })
    expect((await credentials()).size).toBe(0)
  })

  test('rejects secrets below 16 characters', async () => {
    const { error } = await device(['import', '--in', write('in.json', { 'lift-1': 'short' })])
    expect(error).toMatchObject({ code: 'USAGE', problems: [{ path: 'lift-1' }] })
  })

  test('generates secrets only for devices without one, in a file that nobody else may read', async () => {
    await device(['import', '--in', write('in.json', { 'lift-1': secret })])
    const { stdout } = await device(['import', '--out', inFolder('new.json')])
    const generated = JSON.parse(readFileSync(inFolder('new.json'), 'utf8')) as Record<string, string>
    const count = (smallCommunity.devices?.length ?? 0) - 1
    expect(stdout).toEqual([`${count} new secrets in ${inFolder('new.json')}`])
    expect(Object.keys(generated)).toHaveLength(count)
    expect(Object.keys(generated)).not.toContain('lift-1')
    expect(new Set(Object.values(generated)).size).toBe(count)
    expect(statSync(inFolder('new.json')).mode & 0o077).toBe(0)
    const stored = await credentials()
    for (const [id, value] of Object.entries(generated))
      expect(stored.get(id)?.secretHash).toBe(hashSecret(value))
    expect(stored.get('lift-1')?.secretHash).toBe(hashSecret(secret))
  })

  test('does not store generated secrets if the file exists', async () => {
    const file = write('new.json', {})
    const { error } = await device(['import', '--out', file])
    expect(error).toMatchObject({ code: 'USAGE' })
    expect(readFileSync(file, 'utf8')).toBe('{}')
    expect((await credentials()).size).toBe(0)
  })
})

describe('device revoke', () => {
  beforeEach(async () => {
    await device(['import', '--in', write('in.json', { 'lift-1': secret, 'bin-1': secret })])
  })

  test('marks the credential as revoked now; importing a secret enables it again', async () => {
    expect((await device(['revoke', 'lift-1'], 1234)).stdout).toEqual(['1 revoked'])
    const stored = await credentials()
    expect([stored.get('lift-1')?.revokedAt, stored.get('bin-1')?.revokedAt]).toEqual([1234, null])
    await device(['import', '--in', write('in.json', { 'lift-1': secret })])
    expect((await credentials()).get('lift-1')?.revokedAt).toBeNull()
  })

  test('revokes none if one of the devices is unknown', async () => {
    const { error } = await device(['revoke', 'lift-1', 'lift-99'])
    expect(error).toMatchObject({ code: 'USAGE', problems: [{ path: 'lift-99' }] })
    expect((await credentials()).get('lift-1')?.revokedAt).toBeNull()
  })

  test('needs a device', async () => {
    expect((await device(['revoke'])).error).toMatchObject({ code: 'commander.missingArgument' })
  })
})
