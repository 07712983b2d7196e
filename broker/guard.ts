/** Stands between a socket and Aedes: frame size, in-flight window, rate and answers not taken are bounded here. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type FrameFault, frameScanner } from './frames.ts'
import type { RateBucket } from './rate.ts'
import type { Session } from './session.ts'

export interface GuardOptions {
  readonly maxPacketBytes: number
  readonly maxInFlight: number
  readonly rate: RateBucket
  /** Common name of a checked client certificate; undefined when none is asked for. */
  readonly certificateName: string | undefined
  /** The client broke the frame rules and is being cut off. */
  readonly onFault: (guard: Guard, fault: FrameFault) => void
  /** The bucket is empty; `refilled` is to be called when it is not any more. */
  readonly onThrottle: (guard: Guard) => void
}

type Write = (error?: Error | null) => void

/** Bytes that Aedes has not taken yet before the socket is left alone; one chunk of a socket is at most as much. */
const READ_BUFFER = 64 * 1024

/**
 * Aedes parses a whole chunk at once and starts every publish in it, without a bound (measured: 591 at a time), and its
 * own `pause()` can stall a connection for good. So whole frames go on only as long as the window has room; the socket
 * is not read meanwhile, and TCP slows the sender.
 */
export class Guard extends Duplex {
  /** Who this is, once it has logged in. */
  session: Session | undefined
  readonly remoteAddress: string
  readonly certificateName: string | undefined
  readonly #socket: Socket
  readonly #options: GuardOptions
  readonly #scanner: ReturnType<typeof frameScanner>
  /** Received, but not passed on yet; while there is something here the socket is not read. */
  #held: Buffer | undefined
  #inFlight = 0
  /** The CONNECT has gone on and is not answered yet. */
  #waiting: boolean = false
  #aedesFull: boolean = false
  #halted: boolean = false
  #ended: boolean = false

  constructor(socket: Socket, options: GuardOptions) {
    super({ readableHighWaterMark: READ_BUFFER })
    this.#socket = socket
    this.#options = options
    this.#scanner = frameScanner(options.maxPacketBytes)
    this.remoteAddress = socket.remoteAddress ?? ''
    this.certificateName = options.certificateName
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
    socket.on('drain', () => this.#flow())
  }

  /** Publishes passed on and not answered yet. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** The device does not take what is sent to it. */
  get isBehind(): boolean {
    return this.#socket.writableNeedDrain || this.writableNeedDrain
  }

  /** The CONNECT was accepted: what came behind it goes on. */
  admit(): void {
    this.#waiting = false
    this.#flow()
  }

  /** One publish has been answered. */
  answered(): void {
    this.#inFlight--
    // Half a window at a time, or every answer would pass on a single frame.
    if (this.#held && this.#inFlight <= this.#options.maxInFlight / 2) this.#flow()
  }

  /** The rate allows more again. */
  refilled(): void {
    this.#flow()
  }

  /** Reads nothing more; what was passed on is still answered. */
  halt(): void {
    this.#halted = true
    this.#socket.pause()
  }

  /** Answers the CONNECT with a return code of MQTT 3.1.1 (3.2.2.3), whatever version it asked for, and ends. */
  refuse(returnCode: number): void {
    this.#halted = true
    this.#socket.end(Buffer.from([0x20, 2, 0, returnCode]))
  }

  #take(chunk: Buffer): void {
    if (this.#halted || this.destroyed) return
    if (this.#waiting) {
      this.#hold(chunk)
      return
    }
    const { maxInFlight, rate } = this.#options
    const room = maxInFlight - this.#inFlight
    const allowed = rate.available()
    const scan = this.#scanner.scan(chunk, Math.min(room, allowed))
    if (scan.fault) {
      this.#cut(scan.fault)
      return
    }
    this.#inFlight += scan.publishes
    rate.take(scan.publishes)
    if (scan.connect) this.#waiting = true
    const rest = scan.end < chunk.length ? chunk.subarray(scan.end) : undefined
    if (rest) {
      this.#hold(rest)
      if (!this.#waiting && allowed <= scan.publishes && scan.publishes < room) this.#options.onThrottle(this)
    }
    if (scan.end === 0) return
    this.#aedesFull = !this.push(rest ? chunk.subarray(0, scan.end) : chunk)
    if (this.#aedesFull || this.#socket.writableNeedDrain) this.#socket.pause()
  }

  #hold(chunk: Buffer): void {
    // A paused TLS socket may still hand over what it has decrypted already.
    this.#held = this.#held ? Buffer.concat([this.#held, chunk]) : chunk
    this.#socket.pause()
  }

  /** Passes on what is held, then reads again, as far as the bounds allow. */
  #flow(): void {
    if (this.#halted || this.#waiting || this.#aedesFull || this.destroyed) return
    if (this.#socket.writableNeedDrain) return
    const held = this.#held
    if (held) {
      this.#held = undefined
      this.#take(held)
    }
    if (this.#held || this.#aedesFull || this.#halted) return
    if (this.#ended) this.push(null)
    else if (!this.#socket.writableNeedDrain) this.#socket.resume()
  }

  #end(): void {
    this.#ended = true
    if (!this.#held) this.push(null)
  }

  #cut(fault: FrameFault): void {
    this.#halted = true
    this.#options.onFault(this, fault)
    this.destroy()
  }

  override _read(): void {
    if (!this.#aedesFull) return
    this.#aedesFull = false
    this.#flow()
  }

  override _write(chunk: Buffer, _encoding: string, done: Write): void {
    this.#send(chunk, done)
  }

  /** Aedes writes an answer in three pieces; here all answers of one turn become one write. */
  override _writev(chunks: { chunk: Buffer }[], done: Write): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  #send(bytes: Buffer, done: Write): void {
    if (this.#socket.write(bytes)) done()
    else this.#socket.once('drain', done)
  }

  override _final(done: Write): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: Write): void {
    this.#held = undefined
    // After a refusal or at a clean stop the last answer still has to leave.
    if (this.#halted && !this.#socket.writableNeedDrain) this.#socket.destroySoon()
    else this.#socket.destroy()
    done(error)
  }
}
