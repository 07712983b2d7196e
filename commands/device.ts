/** `device import` and `device revoke`: the secrets with which devices authenticate. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { z } from 'zod'
import { loadCommunity, readText } from '../app/files.ts'
import { hashSecret } from '../broker/credentials.ts'
import { LinliError } from '../model/errors.ts'
import type { Records } from '../model/ports/records.ts'
import { idPattern } from '../model/topics.ts'
import { checkYaml, readYaml } from '../model/yaml.ts'
import { readConfig } from './config-option.ts'
import type { CommandContext } from './context.ts'
import { withRecords } from './with-records.ts'

/** 256 bit, so that a fast hash is enough (ETSI EN 303 645 5.1: unique per device, not derived). */
const SECRET_BYTES = 32
/** Shorter secrets (below 128 bit) would need a slow hash. Characters. */
const MIN_SECRET = 16

/** Device id to secret, as `device import` writes it and simulators read it. */
export const secretsFile = z.record(z.string().regex(idPattern), z.string().min(MIN_SECRET).max(256))

/** A random secret, base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** Reads a secrets file (YAML or JSON): device id to secret. @throws LinliError USAGE with every problem */
export async function loadSecrets(path: string): Promise<Readonly<Record<string, string>>> {
  const checked = checkYaml(readYaml(await readText(path), path), secretsFile)
  if (checked.ok) return checked.value
  throw new LinliError('USAGE', `${path} is invalid`, { problems: checked.problems })
}

/** Stores the hashes of the secrets; revoked devices may connect again. */
export async function storeSecrets(
  records: Records,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  await records.transaction(async (tx) => {
    for (const [device, secret] of Object.entries(secrets)) {
      await tx.credentials.put(device, { secretHash: hashSecret(secret), revokedAt: null })
    }
  })
}

export function deviceCommand(context: CommandContext): Command {
  const load = new Command('import')
    .description(
      'Stores the secrets of --in, or generates one for every device of the community file without a secret',
    )
    .option('--in <file>', 'device ids and their secrets (JSON or YAML)')
    .option('--out <file>', 'file for the generated secrets; the hub stores only their hashes')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .action((options: ImportOptions) => importDevices(options, context))
  const revoke = new Command('revoke')
    .description('Revokes the secrets of devices; a running hub disconnects them within seconds')
    .argument('<device...>')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .action((devices: string[], options: { config?: string }) => revokeDevices(devices, options, context))
  return new Command('device')
    .description('Secrets of devices: import, revoke')
    .addCommand(load.exitOverride())
    .addCommand(revoke.exitOverride())
}

interface ImportOptions {
  readonly in?: string
  readonly out?: string
  readonly config?: string
}

async function importDevices(options: ImportOptions, context: CommandContext): Promise<void> {
  if (!options.in === !options.out) throw new LinliError('USAGE', 'give either --in or --out')
  const config = await readConfig(context, options.config)
  const community = await loadCommunity(config.community)
  const known = new Set(community.devices.map((device) => device.id))
  if (options.in) {
    const secrets = await loadSecrets(options.in)
    rejectUnknown(Object.keys(secrets), known, options.in)
    await withRecords(config, (records) => storeSecrets(records, secrets))
    context.print(`${Object.keys(secrets).length} secrets stored`)
    return
  }
  const out = options.out ?? ''
  const count = await withRecords(config, (records) => generateSecrets(records, known, out))
  context.print(
    count > 0 ? `${count} new secrets in ${out}` : 'every device has a secret already; nothing written',
  )
}

/** Writes the file before storing the hashes: a secret that nobody has would lock its device out. Returns how many. */
async function generateSecrets(records: Records, devices: ReadonlySet<string>, out: string): Promise<number> {
  const stored = await records.credentials.all()
  const missing = [...devices].filter((id) => !stored.has(id))
  if (missing.length === 0) return 0
  const fresh = Object.fromEntries(missing.map((id) => [id, newSecret()]))
  try {
    await writeFile(out, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new LinliError('USAGE', `cannot write ${out}, which must not exist yet (${String(error)})`, {
      cause: error,
    })
  }
  await storeSecrets(records, fresh)
  return missing.length
}

function rejectUnknown(ids: readonly string[], known: ReadonlySet<string>, source: string): void {
  const problems = ids
    .filter((id) => !known.has(id))
    .map((id) => ({ source, path: id, message: 'unknown device' }))
  if (problems.length > 0) throw new LinliError('USAGE', `${source} is invalid`, { problems })
}

async function revokeDevices(
  devices: readonly string[],
  options: { readonly config?: string },
  context: CommandContext,
): Promise<void> {
  const config = await readConfig(context, options.config)
  await withRecords(config, async (records) => {
    const stored = await records.credentials.all()
    rejectUnknown(devices, new Set(stored.keys()), 'command line')
    await records.transaction(async (tx) => {
      for (const device of devices) {
        const credential = stored.get(device)
        if (credential) await tx.credentials.put(device, { ...credential, revokedAt: context.now() })
      }
    })
  })
  context.print(`${devices.length} revoked`)
}
