/** Cost of the broker: ours, the same Aedes with an empty hook, and mosquitto, under the same generator. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { createBroker } from '../../broker/broker.ts'
import { brokerOptions } from '../../broker/options.ts'
import { systemClock } from '../../model/clock.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { fleet } from '../fleet.ts'
import { type LoadResult, spawnLoad } from '../load.ts'

const PORT = 21_883
const devices = fleet(100)
const devicesById = new Map(devices.map((device) => [device.id, device]))

/** The servers, each run in a child process. */
const servers = {
  async bare() {
    const aedes = new Aedes({ authorizePublish: (_client, _packet, done) => done(null) })
    await aedes.listen()
    createServer({ noDelay: true }, (socket) => void aedes.handle(socket)).listen(PORT, '127.0.0.1')
  },
  async ours() {
    const options = brokerOptions.parse({ port: PORT, messagesPerSecond: 0 })
    const broker = createBroker(options, {
      authenticate: () => 'ok',
      deviceTopic: (id) => devicesById.get(id),
      deliver: (_message, receipt) => receipt.stored(),
      logger: silentLogger,
      metrics: noMetrics,
      clock: systemClock,
    })
    await broker.start()
  },
}

function startServer(name: string): ChildProcess {
  if (name !== 'mosquitto') return fork(import.meta.filename, [name])
  const config = join(tmpdir(), 'linli-bench-mosquitto.conf')
  writeFileSync(
    config,
    `listener ${PORT} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 0\nset_tcp_nodelay true\n`,
  )
  return spawn('mosquitto', ['-c', config], { stdio: 'ignore' })
}

async function waitForPort(): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const socket = connect(PORT, '127.0.0.1')
    const isUp = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
    ])
    socket.destroy()
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('no server is listening')
}

/** User and system time of a process so far, in seconds (Linux). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function measure(name: string, messages: number): Promise<LoadResult & { cpu: number }> {
  const server = startServer(name)
  const pid = server.pid as number
  try {
    await waitForPort()
    const load = { port: PORT, window: 32, devices }
    await spawnLoad({ ...load, messages: messages / 5 })
    const before = cpuSeconds(pid)
    const result = await spawnLoad({ ...load, messages })
    return { ...result, cpu: cpuSeconds(pid) - before }
  } finally {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

async function main(): Promise<void> {
  const messages = Number(process.argv[2] ?? 200_000)
  const names = process.argv[3]?.split(',') ?? ['bare', 'ours', 'mosquitto']
  for (let round = 0; round < 3; round++) {
    for (const name of names) {
      const { perSecond, p50, p99, cpu } = await measure(name, messages)
      const perMessage = ((cpu / messages) * 1e6).toFixed(1)
      console.log(
        `${name.padEnd(10)} ${perSecond.toFixed(0)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${perMessage} us of CPU a message`,
      )
    }
  }
}

const role = process.argv[2] as keyof typeof servers
if (role in servers) await servers[role]()
else await main()
