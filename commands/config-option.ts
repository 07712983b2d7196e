/** The `--config` option of commands that open the data of a hub. */
import { existsSync } from 'node:fs'
import { type Config, loadConfig } from '../app/config.ts'
import { readText } from '../app/files.ts'
import type { CommandContext } from './context.ts'

/** Read if it exists and no `--config` is given. */
const defaultFile = 'linli.yaml'

/** The configuration from file, environment and overrides (by dotted path). @throws LinliError CONFIG_INVALID */
export async function readConfig(
  context: CommandContext,
  file: string | undefined,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Config> {
  const name = file ?? (existsSync(defaultFile) ? defaultFile : undefined)
  return loadConfig({
    env: context.env,
    overrides,
    ...(name ? { file: { name, text: await readText(name) } } : {}),
  })
}
