/** `--config`, and the settings every command that opens the hub's data shares. */
import { existsSync } from 'node:fs'
import { type Config, loadConfig } from '../app/config.ts'
import { readText } from '../app/files.ts'
import type { CommandContext } from './context.ts'

/** Read when no `--config` is given and it exists. */
const defaultFile = 'linli.yaml'

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
