/** `user add` and `user disable`: which members of staff may sign in. */
import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import type { Config } from '../app/config.ts'
import { loadCommunity } from '../app/files.ts'
import { hashPassword } from '../dashboard/server/passwords.ts'
import { LinliError } from '../model/errors.ts'
import { loginPattern, loginRule, type Role, roles, type User } from '../model/user.ts'
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
      'Sets the password (from standard input) of a member of staff; with --role adds a new member',
    )
    .requiredOption('--login <login>', 'login name')
    .option('--name <name>', 'display name')
    .addOption(new Option('--role <role>', 'role of the member').choices([...roles]))
    .option('--crew <id>', 'crew of a crew member')
    .option('--grid <id>', 'grid of a grid worker')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .action((options: AddOptions) => addUser(options, context))
  const disable = new Command('disable')
    .description('Disables a login and closes its live feeds within a minute; `user add` enables it again')
    .requiredOption('--login <login>', 'login name')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .action(async ({ login, config }: { login: string; config?: string }) =>
      disableUser(login, await readConfig(context, config), context),
    )
  return new Command('user')
    .description('Logins of staff: add, disable')
    .addCommand(add.exitOverride())
    .addCommand(disable.exitOverride())
}

async function addUser(options: AddOptions, context: CommandContext): Promise<void> {
  if (!loginPattern.test(options.login)) throw new LinliError('USAGE', `--login: ${loginRule}`)
  const config = await readConfig(context, options.config)
  const password = (await text(context.stdin)).replace(/\r?\n$/, '')
  if (password.length < MIN_PASSWORD)
    throw new LinliError('USAGE', `give a password of at least ${MIN_PASSWORD} characters on standard input`)
  const passwordHash = await hashPassword(password)
  await withRecords(config, async (records) => {
    const before = await records.users.get(options.login)
    const known = before ?? (options.role ? undefined : await memberOf(config, options.login))
    const user = { ...personOf(options, known), passwordHash, disabled: false }
    await records.users.put(user)
    await records.sessions.deleteOfUser(user.login)
    context.print(`${user.login} (${user.role}) may sign in`)
  })
}

type Person = Omit<User, 'passwordHash' | 'disabled'>

/** Options first, then the known member. Only a crew member has a crew, only a grid worker a grid. */
function personOf(options: AddOptions, known: Partial<Person> | undefined): Person {
  const role = options.role ?? known?.role
  if (!role)
    throw new LinliError('USAGE', `${options.login} is not in the community file: --role is required`)
  const crew = role === 'crew' ? (options.crew ?? known?.crew ?? null) : null
  const grid = role === 'grid-worker' ? (options.grid ?? known?.grid ?? null) : null
  if (role === 'crew' && crew === null) throw new LinliError('USAGE', 'role crew needs a --crew')
  if (role === 'grid-worker' && grid === null)
    throw new LinliError('USAGE', 'role grid-worker needs a --grid')
  return { login: options.login, name: options.name ?? known?.name ?? options.login, role, crew, grid }
}

/** Staff of the community file can get a password before the first start of the hub. */
async function memberOf(config: Config, login: string): Promise<Partial<Person> | undefined> {
  const file = await loadCommunity(config.community)
  return file.staff.find((member) => member.login === login)
}

async function disableUser(login: string, config: Config, context: CommandContext): Promise<void> {
  await withRecords(config, async (records) => {
    const user = await records.users.get(login)
    if (!user) throw new LinliError('USAGE', `unknown login ${login}`)
    await records.users.put({ ...user, disabled: true })
    await records.sessions.deleteOfUser(login)
  })
  context.print(`${login} may no longer sign in`)
}
