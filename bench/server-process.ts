/** A measured server: a child process, with what the system says of its CPU time and memory (Linux; else NaN). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface ServerProcess {
  readonly pid: number
  /** User and system time so far, seconds. */
  cpuSeconds(): number
  /** Resident memory now, and the most it ever was, MiB. */
  memory(): { readonly now: number; readonly peak: number }
  /** Ends it: asked kindly first. Resolves when it is gone. */
  stop(): Promise<void>
  /** Lines of standard output, when it was asked for. */
  readonly child: ChildProcess
}

/** Clock ticks a second of /proc; 100 on every Linux that Node runs on. */
const TICKS = 100
const STOP_MS = 30_000

export function startProcess(command: string, args: readonly string[]): ServerProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = child.pid ?? -1
  const exited = once(child, 'exit').catch(() => {})
  return {
    pid,
    child,
    cpuSeconds() {
      const fields = readProc(pid, 'stat').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / TICKS
    },
    memory() {
      const status = readProc(pid, 'status')
      const mebibytes = (key: string): number =>
        Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
      return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
        await exited
        clearTimeout(timer)
      }
    },
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

/** The first line it prints that is not empty; what it prints later is thrown away. */
export async function firstLine({ child }: ServerProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    if (!line.trim()) continue
    child.stdout?.resume()
    return line
  }
  throw new Error('the server ended before it was ready')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

const TRY_MS = 20
const TRIES = 500

/** Resolves when somebody listens there. */
export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isUp) return
    await pause(TRY_MS)
  }
  throw new Error(`nobody listens on port ${port}`)
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
