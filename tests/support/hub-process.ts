/** The hub as its own process, as a service manager runs it; for tests that kill it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Workplace } from './whole-hub.ts'

const main = join(import.meta.dirname, '../../main.ts')

export interface HubProcess {
  readonly console: string
  readonly mqtt: string
  readonly child: ChildProcess
  /** Ends it and waits for the end; returns the exit code, null after a kill. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** A port nobody listens on at the moment; kept over restarts, so that devices find the hub again. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts `linli start` on a prepared workplace; resolves when it tells its addresses. */
export async function spawnHub(
  place: Pick<Workplace, 'dataDir' | 'communityPath'>,
  options: { readonly mqttPort: number; readonly more?: readonly string[] },
): Promise<HubProcess> {
  const child = spawn(
    process.execPath,
    [
      ...[main, 'start', '--json', '--data-dir', place.dataDir, '--community', place.communityPath],
      ...['--mqtt-port', String(options.mqttPort), '--port', '0', ...(options.more ?? [])],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '', LINLI_LOG_LEVEL: 'error' } },
  )
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const exited = once(child, 'exit')
  const line = once(createInterface({ input: child.stdout }), 'line')
  const first = await Promise.race([line, exited.then(() => undefined)])
  if (!first) throw new Error(`the hub did not start: ${errors}`)
  const addresses = JSON.parse(String(first[0])) as { console: string; mqtt: string }
  return {
    ...addresses,
    child,
    async end(signal) {
      child.kill(signal)
      const [code] = await exited
      return code as number | null
    },
  }
}
