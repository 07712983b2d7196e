/**
 * Stands between a socket and Aedes: frame size, in-flight window, rate, silence and answers not taken are bounded here.
 * Plain publishes leave the stream here and are acknowledged here, everything else goes on to Aedes.
 */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type FrameFault, frameScanner } from './frames.ts'
import type { GuardOptions } from './guard-options.ts'
import { frameBounds, isPublish, plainPublish } from './plain-publish.ts'
import { pubacks } from './pubacks.ts'
import { STEPS_PER_SECOND } from './rate.ts'
import type { Session } from './session.ts'

type Write = (error?: Error | null) => void

/** Why a connection has to end. */
export type Stalled = 'keep-alive' | 'answers-not-taken'

/** Bytes that Aedes has not taken yet before the socket is left alone; one chunk of a socket is at most as much. */
const READ_BUFFER = 64 * 1024
/** A publish that comes in pieces is put together here up to this size; a longer one is for Aedes, which streams. */
const MAX_PARTIAL = 4096

/**
 * Aedes parses a whole chunk at once and starts every publish in it, without a bound (measured: 591 at a time), and its
 * own `pause()` can stall a connection for good. So whole frames go on only as long as the window has room; the socket
 * is not read meanwhile, and TCP slows the sender.
 */
export class Guard extends Duplex {
  /** Who this is, once it has logged in. */
  session: Session | undefined
  /** Seconds that it may be silent, as it asked for (MQTT 3.1.1, 3.1.2.10: half as much again is allowed); 0 = for ever. */
  keepAlive: number = 0
  readonly remoteAddress: string
  readonly certificateName: string | undefined
  readonly #socket: Socket
  readonly #options: GuardOptions
  readonly #scanner: ReturnType<typeof frameScanner>
  /** Received, but not passed on yet; while there is something here the socket is not read. */
  #held: Buffer | undefined
  /** Begin of a frame whose rest has not come yet; only while `#isPlain`. */
  #partial: Buffer | undefined
  /** So far the device has sent nothing that Aedes must see in its order, so publishes need not go through it. */
  #isPlain: boolean = true
  /** Ids of publishes that are stored, to be acknowledged at the end of this turn. */
  #unwritten: number[] = []
  #heardAt: number
  #behindSince: number | undefined
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
    this.#heardAt = options.pace.steps
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
    socket.on('drain', () => this.#drained())
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

  /** Acknowledges a publish that `onPublish` was told of, together with the others of this turn. */
  acknowledge(messageId: number): void {
    if (this.#unwritten.length === 0) this.#options.onUnwritten(this)
    this.#unwritten.push(messageId)
  }

  /** Writes the acknowledgements of this turn. */
  flush(): void {
    const ids = this.#unwritten
    if (ids.length === 0 || this.destroyed) return
    this.#unwritten = []
    const bytes = pubacks(ids)
    if (!this.#socket.write(bytes)) this.#fellBehind()
    this.#options.onAcknowledged(ids.length)
  }

  /** Hangs up after what was acknowledged has left. */
  hangUp(): void {
    this.flush()
    this.#halted = true
    this.destroy()
  }

  /** Asked now and then: why this connection has to end, if it has to. What we do not read is no silence. */
  stalled(): Stalled | undefined {
    const { steps } = this.#options.pace
    if (this.#held) this.#heardAt = steps
    if (this.#behindSince !== undefined)
      return steps - this.#behindSince > this.#options.drainTimeout * STEPS_PER_SECOND
        ? 'answers-not-taken'
        : undefined
    const silence = steps - this.#heardAt
    return this.keepAlive > 0 && silence > this.keepAlive * 1.5 * STEPS_PER_SECOND ? 'keep-alive' : undefined
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

  #receive(chunk: Buffer): void {
    this.#heardAt = this.#options.pace.steps
    if (this.#held && !this.#halted) this.#hold(chunk)
    else this.#take(chunk)
  }

  #take(chunk: Buffer): void {
    if (this.#halted || this.destroyed) return
    if (this.#waiting) this.#hold(chunk)
    else if (this.session && this.#isPlain) this.#takePlain(this.session, chunk)
    else this.#pass(chunk)
  }

  /** Frame by frame, until one comes that must be left to Aedes together with all that follows. */
  #takePlain(session: Session, chunk: Buffer): void {
    const { maxInFlight, rate, onPublish } = this.#options
    const bytes = this.#partial ? Buffer.concat([this.#partial, chunk]) : chunk
    this.#partial = undefined
    for (let at = 0; at < bytes.length; ) {
      const bounds = frameBounds(bytes, at)
      if (!bounds || bounds.end > bytes.length) {
        this.#keepPartial(bytes.subarray(at), bounds?.end === undefined ? 0 : bounds.end - at)
        return
      }
      if (!isPublish(bytes[at])) this.#push(bytes.subarray(at, bounds.end))
      else if (this.#inFlight >= maxInFlight || rate.available() === 0) {
        this.#hold(bytes.subarray(at))
        if (this.#inFlight < maxInFlight) this.#options.onThrottle(this)
        return
      } else {
        const message = plainPublish(bytes, at, { ...bounds, session })
        if (!message) {
          this.#leavePlain(bytes.subarray(at))
          return
        }
        this.#inFlight++
        rate.take(1)
        onPublish(this, message)
        if (this.destroyed) return
      }
      at = bounds.end
    }
  }

  /** A copy: the slice would keep the whole chunk of the socket alive. */
  #keepPartial(bytes: Buffer, announced: number): void {
    if (Math.max(bytes.length, announced) > MAX_PARTIAL) this.#leavePlain(bytes)
    else this.#partial = Buffer.from(bytes)
  }

  /** From here on the order of the messages is that in which Aedes hands them over. */
  #leavePlain(bytes: Buffer): void {
    this.#isPlain = false
    this.#pass(bytes)
  }

  #pass(chunk: Buffer): void {
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
    if (scan.end > 0) this.#push(rest ? chunk.subarray(0, scan.end) : chunk)
  }

  #push(bytes: Buffer): void {
    this.#aedesFull = !this.push(bytes)
    if (this.#aedesFull || this.#socket.writableNeedDrain) this.#socket.pause()
  }

  /** The device does not take its answers: nothing more is read until it does. */
  #fellBehind(): void {
    this.#behindSince ??= this.#options.pace.steps
    this.#socket.pause()
  }

  #drained(): void {
    this.#behindSince = undefined
    this.#flow()
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
