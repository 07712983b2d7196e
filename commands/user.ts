/** `user add`: gives a member of staff a password, or makes a new one. */

import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { hashPassword } from '../dashboard/server/passwords.ts'
import { LinliError } from '../model/errors.ts'
import { type Role, roles } from '../model/user.ts'
import { readConfig } from './config-option.ts'
import type { CommandContext } from './context.ts'
import { withRecords } from './with-records.ts'

const MIN_PASSWORD = 8

interface AddOptions {
  readonly login: string
  readonly name?: string
  readonly role?: Role
  readonly crew?: string
  readonly grid?: string
  readonly config?: string
}

export function userCommand(context: CommandContext): Command {
  const add = new Command('add')
    .description(
      'Sets the password (read from standard input) of a member of staff; makes a new one when --role is given',
    )
    .requiredOption('--login <login>', 'sign-in name')
    .option('--name <name>', 'name shown to others')
    .addOption(new Option('--role <role>', 'what the person may do').choices([...roles]))
    .option('--crew <id>', 'crew of a crew member')
    .option('--grid <id>', 'grid of a grid worker')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .action((options: AddOptions) => addUser(options, context))
  return new Command('user').description('Members of staff who may sign in').addCommand(add.exitOverride())
}

async function addUser(options: AddOptions, context: CommandContext): Promise<void> {
  const config = await readConfig(context, options.config)
  const password = (await text(context.stdin)).replace(/\r?\n$/, '')
  if (password.length < MIN_PASSWORD)
    throw new LinliError('USAGE', `give a password of at least ${MIN_PASSWORD} characters on standard input`)
  const passwordHash = await hashPassword(password)
  await withRecords(config, async (records) => {
    const before = await records.users.get(options.login)
    const role = options.role ?? before?.role
    if (!role) throw new LinliError('USAGE', `${options.login} is new: name the --role`)
    await records.users.put({
      login: options.login,
      name: options.name ?? before?.name ?? options.login,
      role,
      crew: options.crew ?? before?.crew ?? null,
      grid: options.grid ?? before?.grid ?? null,
      passwordHash,
      disabled: false,
    })
    await records.sessions.deleteOfUser(options.login)
    context.print(`${options.login} (${role}) may sign in`)
  })
}
