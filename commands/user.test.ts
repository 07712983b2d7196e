import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { verifyPassword } from '../dashboard/server/passwords.ts'
import type { Records } from '../model/ports/records.ts'
import { callCommand } from '../tests/support/command-context.ts'
import { smallCommunity } from '../tests/support/small-community.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { readConfig } from './config-option.ts'
import { userCommand } from './user.ts'
import { withRecords } from './with-records.ts'

let config = ''
const user = (args: readonly string[], stdin = 'long enough\n') =>
  callCommand(userCommand, [...args, '--config', config], { stdin })
async function inRecords<T>(work: (records: Records) => Promise<T>): Promise<T> {
  const context = { env: {} } as Parameters<typeof readConfig>[0]
  return withRecords(await readConfig(context, config), work)
}
const stored = (login: string) => inRecords((records) => records.users.get(login))

beforeEach(() => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'community.yaml'), stringify(smallCommunity))
  config = join(folder, 'linli.yaml')
  writeFileSync(
    config,
    JSON.stringify({ dataDir: join(folder, 'data'), community: join(folder, 'community.yaml') }),
  )
})

describe('user add', () => {
  test('adds a member whose password is the line on standard input', async () => {
    const { error, stdout } = await user(['add', '--login', 'chen', '--name', 'Chen', '--role', 'supervisor'])
    expect({ error, stdout }).toEqual({ error: undefined, stdout: ['chen (supervisor) may sign in'] })
    const chen = await stored('chen')
    expect(chen).toMatchObject({ name: 'Chen', role: 'supervisor', crew: null, grid: null, disabled: false })
    expect(await verifyPassword('long enough', chen?.passwordHash ?? '')).toBe(true)
    expect(await verifyPassword('long enough\n', chen?.passwordHash ?? '')).toBe(false)
  })

  test.each([
    ['a short password', ['--role', 'supervisor'], '1234567\n', 'at least 8 characters'],
    ['an unknown login without a role', [], 'long enough\n', '--role is required'],
    ['a crew member without a crew', ['--role', 'crew'], 'long enough\n', '--crew'],
    ['a grid worker without a grid', ['--role', 'grid-worker'], 'long enough\n', '--grid'],
  ])('rejects %s and stores nothing', async (_, options, stdin, message) => {
    const { error } = await user(['add', '--login', 'chen', ...options], stdin)
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) })
    expect(await stored('chen')).toBeUndefined()
  })

  test('rejects an invalid login and an unknown role', async () => {
    expect((await user(['add', '--login', 'Chen Wei', '--role', 'supervisor'])).error).toMatchObject({
      code: 'USAGE',
    })
    expect((await user(['add', '--login', 'chen', '--role', 'king'])).error).toMatchObject({
      code: 'commander.invalidArgument',
    })
  })

  test('keeps the role of a known member, and drops the crew with another role', async () => {
    await user(['add', '--login', 'chen', '--role', 'crew', '--crew', 'lifts'])
    await user(['add', '--login', 'chen'], 'another one\n')
    expect(await stored('chen')).toMatchObject({ role: 'crew', crew: 'lifts' })
    await user(['add', '--login', 'chen', '--role', 'supervisor'])
    expect(await stored('chen')).toMatchObject({ role: 'supervisor', crew: null })
  })
})

describe('user disable', () => {
  test('disables the login; user add enables it again', async () => {
    await user(['add', '--login', 'chen', '--role', 'supervisor'])
    const { stdout } = await user(['disable', '--login', 'chen'])
    expect(stdout).toEqual(['chen may no longer sign in'])
    expect((await stored('chen'))?.disabled).toBe(true)
    await user(['add', '--login', 'chen'])
    expect((await stored('chen'))?.disabled).toBe(false)
  })

  test('rejects an unknown login', async () => {
    expect((await user(['disable', '--login', 'nobody'])).error).toMatchObject({
      code: 'USAGE',
      message: 'unknown login nobody',
    })
  })
})
