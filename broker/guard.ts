/**
 * Stands between a socket and Aedes and bounds frame size, in-flight window, rate, silence and unread answers. Plain
 * publishes are handled and acknowledged here, everything else passes through to Aedes.
 */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type FrameProblem, frameScanner } from './frames.ts'
import type { GuardOptions } from './guard-options.ts'
import { type Frame, frameAt, isPublish, plainPublish, pubacks } from './plain-publish.ts'
import type { Session } from './session.ts'
import { type StallReason, type StallWatch, stallWatch } from './stall.ts'

type Write = (error?: Error | null) => void

/** Bytes queued for Aedes before the socket is paused; a chunk of a socket is at most this large. */
const READ_BUFFER = 64 * 1024
/** Fragmented publishes up to this size are reassembled here; longer ones go to Aedes, which streams. */
const MAX_PARTIAL = 4096

/**
 * Aedes parses a whole chunk at once and starts every publish in it, without a bound (measured: 591 at a time), and its
 * own `pause()` can stall a connection for good. So whole frames pass only while the window has room; meanwhile the
 * socket is not read, and TCP slows the sender.
 */
export class Guard extends Duplex {
  /** Set once the device has logged in. */
  session: Session | undefined
  /** Keep-alive in seconds as negotiated; 0 = no limit. */
  keepAlive: number = 0
  readonly remoteAddress: string
  readonly certificateName: string | undefined
  readonly #socket: Socket
  readonly #options: GuardOptions<Guard>
  readonly #scanner: ReturnType<typeof frameScanner>
  /** Received but not passed on yet; while there is any the socket is paused. */
  #buffered: Buffer | undefined
  /** Start of an incomplete frame; only while `#isPlain`. */
  #partial: Buffer | undefined
  /** True until the device sends a frame that Aedes must process in order; until then publishes bypass Aedes. */
  #isPlain: boolean = true
  /** Ids of stored publishes, acknowledged at the end of this event-loop turn. */
  #unsentPubacks: number[] = []
  readonly #stall: StallWatch
  #inFlight = 0
  /** The CONNECT has been passed on and is not answered yet. */
  #awaitsConnack: boolean = false
  #aedesFull: boolean = false
  #halted: boolean = false
  #ended: boolean = false

  constructor(socket: Socket, options: GuardOptions<Guard>) {
    super({ readableHighWaterMark: READ_BUFFER })
    this.#socket = socket
    this.#options = options
    this.#scanner = frameScanner(options.maxPacketBytes)
    this.remoteAddress = socket.remoteAddress ?? ''
    this.certificateName = options.certificateName
    this.#stall = stallWatch(options.pace, options.drainTimeout)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
    socket.on('drain', () => this.#drained())
  }

  /** Publishes passed on and not acknowledged yet. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** The device does not read what is sent to it. */
  get isBehind(): boolean {
    return this.#socket.writableNeedDrain || this.writableNeedDrain
  }

  /** The CONNECT was accepted: frames received behind it pass. */
  admit(): void {
    this.#awaitsConnack = false
    this.#flow()
  }

  /** One publish has been acknowledged. */
  answered(): void {
    this.#inFlight--
    // Half a window at a time; otherwise every acknowledgement would pass a single frame.
    if (this.#buffered && this.#inFlight <= this.#options.maxInFlight / 2) this.#flow()
  }

  /** Acknowledges a publish given to `onPublish`, together with the others of this turn. */
  acknowledge(messageId: number): void {
    if (this.#unsentPubacks.length === 0) this.#options.onUnwritten(this)
    this.#unsentPubacks.push(messageId)
  }

  /** Writes the acknowledgements of this turn. */
  flush(): void {
    const ids = this.#unsentPubacks
    if (ids.length === 0 || this.destroyed) return
    this.#unsentPubacks = []
    const bytes = pubacks(ids)
    if (!this.#socket.write(bytes)) this.#fellBehind()
    this.#options.onAcknowledged(ids.length)
  }

  /** Disconnects after pending acknowledgements are written. */
  disconnectAfterFlush(): void {
    this.flush()
    this.#halted = true
    this.destroy()
  }

  /** Why this connection must be closed, if it must; called by a sweep. While we do not read, silence does not count. */
  stalled(): StallReason | undefined {
    if (this.#buffered) this.#stall.received()
    return this.#stall.reason(this.keepAlive)
  }

  /** The rate limit allows messages again. */
  refilled(): void {
    this.#flow()
  }

  /** Stops reading; messages passed on are still acknowledged. */
  halt(): void {
    this.#halted = true
    this.#socket.pause()
  }

  /** Answers the CONNECT with a return code of MQTT 3.1.1 (3.2.2.3), whatever its version, and closes. */
  refuse(returnCode: number): void {
    this.#halted = true
    this.#socket.end(Buffer.from([0x20, 2, 0, returnCode]))
  }

  #receive(chunk: Buffer): void {
    this.#stall.received()
    if (this.#buffered && !this.#halted) this.#buffer(chunk)
    else this.#process(chunk)
  }

  #process(chunk: Buffer): void {
    if (this.#halted || this.destroyed) return
    if (this.#awaitsConnack) this.#buffer(chunk)
    else if (this.session && this.#isPlain) this.#processPlain(this.session, chunk)
    else this.#pass(chunk)
  }

  /** Frame by frame, until one must go to Aedes together with everything behind it. */
  #processPlain(session: Session, chunk: Buffer): void {
    const bytes = this.#partial ? Buffer.concat([this.#partial, chunk]) : chunk
    this.#partial = undefined
    for (let at = 0; at < bytes.length; ) {
      const frame = frameAt(bytes, at)
      if (!frame || frame.end > bytes.length) {
        this.#keepPartial(bytes.subarray(at), frame ? frame.end - at : 0)
        return
      }
      if (!this.#processFrame(session, bytes, frame)) return
      at = frame.end
    }
  }

  /** False when the frame and everything behind it was buffered or given to Aedes, or the connection is closed. */
  #processFrame(session: Session, bytes: Buffer, frame: Frame): boolean {
    const { maxInFlight, rate, onPublish } = this.#options
    if (!isPublish(bytes[frame.start])) {
      this.#push(bytes.subarray(frame.start, frame.end))
      return true
    }
    const hasWindow = this.#inFlight < maxInFlight
    if (!hasWindow || rate.available() === 0) {
      this.#buffer(bytes.subarray(frame.start))
      if (hasWindow) this.#options.onThrottle(this)
      return false
    }
    const message = plainPublish(bytes, frame, session)
    if (!message) {
      this.#leavePlain(bytes.subarray(frame.start))
      return false
    }
    this.#inFlight++
    rate.spend(1)
    onPublish(this, message)
    return !this.destroyed
  }

  /** A copy: the slice would keep the whole chunk of the socket alive. */
  #keepPartial(bytes: Buffer, announced: number): void {
    if (Math.max(bytes.length, announced) > MAX_PARTIAL) this.#leavePlain(bytes)
    else this.#partial = Buffer.from(bytes)
  }

  /** From here on all frames go to Aedes, so that their order is preserved. */
  #leavePlain(bytes: Buffer): void {
    this.#isPlain = false
    this.#pass(bytes)
  }

  #pass(chunk: Buffer): void {
    const { maxInFlight, rate } = this.#options
    const room = maxInFlight - this.#inFlight
    const allowed = rate.available()
    const scan = this.#scanner.scan(chunk, Math.min(room, allowed))
    if (scan.problem) {
      this.#disconnect(scan.problem)
      return
    }
    this.#inFlight += scan.publishes
    rate.spend(scan.publishes)
    if (scan.connect) this.#awaitsConnack = true
    const rest = scan.end < chunk.length ? chunk.subarray(scan.end) : undefined
    if (rest) {
      this.#buffer(rest)
      if (!this.#awaitsConnack && allowed <= scan.publishes && scan.publishes < room)
        this.#options.onThrottle(this)
    }
    if (scan.end > 0) this.#push(rest ? chunk.subarray(0, scan.end) : chunk)
  }

  #push(bytes: Buffer): void {
    this.#aedesFull = !this.push(bytes)
    if (this.#aedesFull || this.#socket.writableNeedDrain) this.#socket.pause()
  }

  /** The device does not read its answers: pause reading until it does. */
  #fellBehind(): void {
    this.#stall.fellBehind()
    this.#socket.pause()
  }

  #drained(): void {
    this.#stall.drained()
    this.#flow()
  }

  #buffer(chunk: Buffer): void {
    // A paused TLS socket may still emit data that is decrypted already.
    this.#buffered = this.#buffered ? Buffer.concat([this.#buffered, chunk]) : chunk
    this.#socket.pause()
  }

  /** Passes on buffered data, then resumes reading, as far as the bounds allow. */
  #flow(): void {
    if (this.#halted || this.#awaitsConnack || this.#aedesFull || this.destroyed) return
    if (this.#socket.writableNeedDrain) return
    const buffered = this.#buffered
    if (buffered) {
      this.#buffered = undefined
      this.#process(buffered)
    }
    if (this.#buffered || this.#aedesFull || this.#halted) return
    if (this.#ended) this.push(null)
    else if (!this.#socket.writableNeedDrain) this.#socket.resume()
  }

  #end(): void {
    this.#ended = true
    if (!this.#buffered) this.push(null)
  }

  #disconnect(problem: FrameProblem): void {
    this.#halted = true
    this.#options.onProblem(this, problem)
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

  /** Aedes writes an answer in three pieces; all answers of one turn become one write here. */
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
    this.#buffered = undefined
    // After a refusal or at a clean stop the last answer must still be sent.
    if (this.#halted && !this.#socket.writableNeedDrain) this.#socket.destroySoon()
    else this.#socket.destroy()
    done(error)
  }
}
