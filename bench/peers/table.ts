/** The servers that the hub is measured beside. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort, listening, type ServerProcess, startProcess } from '../server-process.ts'

export interface Peer {
  readonly name: string
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined
  start(): Promise<ServerProcess & { readonly port: number }>
}

export const peers: readonly Peer[] = [
  {
    name: 'bare Aedes',
    missing: () => undefined,
    start: () =>
      started((port) => [process.execPath, [join(import.meta.dirname, 'bare-aedes.ts'), String(port)]]),
  },
  {
    name: 'mosquitto',
    missing() {
      try {
        execFileSync('mosquitto', ['-h'], { stdio: 'ignore' })
        return undefined
      } catch (error) {
        // It prints its help with exit code 3.
        const found = error instanceof Error && 'status' in error && error.status === 3
        return found ? undefined : 'mosquitto is not installed'
      }
    },
    start: () =>
      started((port) => [
        'mosquitto',
        ['-c', join(import.meta.dirname, 'mosquitto.conf'), '-p', String(port)],
      ]),
  },
]

async function started(command: (port: number) => readonly [string, readonly string[]]) {
  const port = await freePort()
  const [file, args] = command(port)
  const server = startProcess(file, args)
  server.child.stdout?.resume()
  await listening(port)
  return { ...server, port }
}
