/** A client that sends exactly the bytes a test wants and sees exactly what comes back. */
import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet'

export interface RawClient {
  readonly socket: Socket
  /** Everything received so far. */
  readonly received: readonly Packet[]
  readonly closed: boolean
  write(bytes: Buffer | Packet): void
  /** The next packet of a kind, not seen by an earlier call; fails after the deadline or when the hub hangs up. */
  next<C extends Packet['cmd']>(cmd: C, deadline?: number): Promise<Extract<Packet, { cmd: C }>>
  /** Resolves when the hub has hung up. */
  closedByHub(deadline?: number): Promise<void>
  destroy(): void
}

const DEADLINE_MS = 5000

export async function rawClient(
  port: number,
  socket = connectSocket({ port, host: '127.0.0.1' }),
): Promise<RawClient> {
  const received: Packet[] = []
  const seen = new Set<Packet>()
  const waiting = new Set<() => void>()
  let closed = false
  const wake = (): void => {
    for (const check of [...waiting]) check()
  }
  const decode = parser()
  decode.on('packet', (packet) => {
    received.push(packet)
    wake()
  })
  socket.on('data', (chunk: Buffer) => decode.parse(chunk))
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    wake()
  })
  await once(socket, 'secureConnect' in socket ? 'secureConnect' : 'connect')

  /** Asks again whenever something was received or the connection closed. */
  function until<T>(what: string, find: () => T | undefined, deadline: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        waiting.delete(check)
      }
      const check = (): void => {
        const found = find()
        if (found === undefined && !closed) return
        finish()
        if (found === undefined) reject(new Error(`the hub hung up before ${what}`))
        else resolve(found)
      }
      const timer = setTimeout(() => {
        finish()
        reject(new Error(`no ${what} within ${deadline} ms`))
      }, deadline)
      waiting.add(check)
      check()
    })
  }

  return {
    socket,
    received,
    get closed() {
      return closed
    },
    write: (bytes) => void socket.write(Buffer.isBuffer(bytes) ? bytes : generate(bytes)),
    next: (cmd, deadline = DEADLINE_MS) =>
      until(
        cmd,
        () => {
          const packet = received.find((one) => one.cmd === cmd && !seen.has(one))
          if (packet) seen.add(packet)
          return packet as never
        },
        deadline,
      ),
    closedByHub: async (deadline = DEADLINE_MS) => {
      await until('hanging up', () => closed || undefined, deadline)
    },
    destroy: () => socket.destroy(),
  }
}

/** A CONNECT of a device whose secret is `secret-of-<id>`. */
export function connectPacket(device: string, extra: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: device,
    username: device,
    password: Buffer.from(`secret-of-${device}`),
    keepalive: 60,
    clean: true,
    ...extra,
  }
}

export function publishPacket(
  topic: string,
  messageId: number,
  extra: Partial<IPublishPacket> = {},
): IPublishPacket & { cmd: 'publish' } {
  return {
    payload: `{"seq":${messageId}}`,
    qos: 1,
    retain: false,
    dup: false,
    ...extra,
    cmd: 'publish',
    topic,
    messageId,
  }
}

/** Connects a device and waits until it is in. */
export async function rawDevice(
  port: number,
  device: string,
  extra: Partial<IConnectPacket> = {},
): Promise<RawClient> {
  const client = await rawClient(port)
  client.write(connectPacket(device, extra))
  const { returnCode } = await client.next('connack')
  if (returnCode !== 0) throw new Error(`login refused with code ${returnCode}`)
  return client
}
