/** The servers that the hub is compared with. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort, type ServerProcess, startProcess, waitForPort } from '../server-process.ts'

export interface Peer {
  readonly name: string
  /** The reason why it cannot run here; undefined when it can. */
  missing(): string | undefined
  start(): Promise<ServerProcess & { readonly port: number }>
}

export const peers: readonly Peer[] = [
  {
    name: 'bare Aedes',
    missing: () => undefined,
    start: () =>
      startOnFreePort((port) => [
        process.execPath,
        [join(import.meta.dirname, 'bare-aedes.ts'), String(port)],
      ]),
  },
  {
    name: 'mosquitto',
    missing() {
      try {
        execFileSync('mosquitto', ['-h'], { stdio: 'ignore' })
        return undefined
      } catch (error) {
        // `mosquitto -h` exits with code 3.
        const found = error instanceof Error && 'status' in error && error.status === 3
        return found ? undefined : 'mosquitto is not installed'
      }
    },
    start: () =>
      startOnFreePort((port) => [
        'mosquitto',
        ['-c', join(import.meta.dirname, 'mosquitto.conf'), '-p', String(port)],
      ]),
  },
]

async function startOnFreePort(command: (port: number) => readonly [string, readonly string[]]) {
  const port = await freePort()
  const [file, args] = command(port)
  const server = startProcess(file, args)
  server.child.stdout?.resume()
  await waitForPort(port)
  return { ...server, port }
}
