/** A device that keeps what is not acknowledged and sends it again after a cut, in order; it never gives up. */
import { connect as connectSocket, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { generate, type Packet, parser } from 'mqtt-packet'
import { connectPacket } from './raw-mqtt.ts'

export interface PersistentSender {
  /** Sequence numbers (1 …) that the hub has acknowledged. */
  readonly acknowledged: ReadonlySet<number>
  stop(): void
}

export interface SenderOptions {
  readonly port: number
  readonly device: string
  readonly secret: string
  readonly topic: string
  /** Sends payload(1) … payload(count). */
  readonly count: number
  payload(seq: number): string
  /** Unacknowledged messages at a time. */
  readonly window: number
}

const RECONNECT_MS = 50

export function startSender(options: SenderOptions): PersistentSender {
  const acknowledged = new Set<number>()
  const open = new Map<number, string>()
  let next = 1
  let stopped = false
  let socket: Socket | undefined

  /** Message ids may be used again long before the window comes round. */
  const publish = (to: Socket, seq: number, payload: string, dup: boolean): boolean =>
    to.write(
      generate({
        cmd: 'publish',
        topic: options.topic,
        payload,
        qos: 1,
        dup,
        retain: false,
        messageId: (seq % 65_535) + 1,
      }),
    )

  function fill(to: Socket): void {
    while (open.size < options.window && next <= options.count) {
      const seq = next++
      const payload = options.payload(seq)
      open.set(seq, payload)
      publish(to, seq, payload, false)
    }
  }

  function receive(from: Socket, packet: Packet): void {
    if (packet.cmd === 'connack') {
      for (const [seq, payload] of open) publish(from, seq, payload, true)
      fill(from)
      return
    }
    if (packet.cmd !== 'puback') return
    for (const seq of open.keys()) {
      if ((seq % 65_535) + 1 !== packet.messageId) continue
      open.delete(seq)
      acknowledged.add(seq)
      break
    }
    fill(from)
  }

  async function live(): Promise<void> {
    while (!stopped) {
      const one = connectSocket({ port: options.port, host: '127.0.0.1' })
      socket = one
      const incoming = parser()
      incoming.on('packet', (packet) => receive(one, packet))
      one.on('data', (chunk: Buffer) => incoming.parse(chunk))
      one.on('error', () => {})
      one.on('connect', () =>
        one.write(generate(connectPacket(options.device, { password: Buffer.from(options.secret) }))),
      )
      await new Promise((resolve) => one.on('close', resolve))
      await pause(RECONNECT_MS)
    }
  }

  void live()
  return {
    acknowledged,
    stop() {
      stopped = true
      socket?.destroy()
    },
  }
}
