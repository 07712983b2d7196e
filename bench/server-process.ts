/** A measured server: a child process with its CPU time and memory (Linux only; else NaN). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface ServerProcess {
  readonly pid: number
  /** User and system time so far, s. */
  cpuSeconds(): number
  /** Resident memory now and at its peak, MiB. */
  memory(): { readonly now: number; readonly peak: number }
  /** Sends SIGTERM, then SIGKILL after 30 s. Resolves when it has exited. */
  stop(): Promise<void>
  readonly child: ChildProcess
}

/** Clock ticks a second of /proc; 100 on every Linux that Node runs on. */
const TICKS = 100
const STOP_MS = 30_000

/** Starts a command with its standard output as a pipe. */
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

/** The first non-empty line of its output; later output is discarded. */
export async function firstLine({ child }: ServerProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    if (!line.trim()) continue
    child.stdout?.resume()
    return line
  }
  throw new Error('the server ended before it was ready')
}

/** A port that is free at the moment. */
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

/** Resolves when a server listens on the port. @throws Error after 10 s */
export async function waitForPort(port: number): Promise<void> {
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
  throw new Error(`no server listens on port ${port}`)
}

/** Resolves after `ms`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
