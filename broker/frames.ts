/** Scans MQTT fixed headers across chunks (MQTT 3.1.1, 2.2), just enough to bound what a client may send. */

export type FrameProblem =
  /** The first packet is not a CONNECT, e.g. HTTP or TLS on the plain port. */
  | 'not-mqtt'
  /** The announced length exceeds the limit; nothing of it was buffered. */
  | 'packet-too-large'
  /** A length of more than four bytes. */
  | 'malformed-length'

export interface Scan {
  /** Bytes from the start of the chunk that may pass. */
  readonly end: number
  /** PUBLISH frames that begin in them. */
  readonly publishes: number
  /** The CONNECT ends here; bytes behind it wait for the CONNACK. */
  readonly connect: boolean
  readonly problem: FrameProblem | undefined
}

export interface FrameScanner {
  /** Stops before a PUBLISH beyond `credit`, after the CONNECT, or at a problem; offer the remaining bytes again. */
  scan(chunk: Uint8Array, credit: number): Scan
}

const CONNECT = 0x10
const PUBLISH = 3
/** Client id and user name of 64, secret of 256, will topic and will payload of 1,024 fit twice. */
export const MAX_CONNECT_BYTES = 4096

export function frameScanner(maxPacketBytes: number): FrameScanner {
  return new Scanner(maxPacketBytes)
}

class Scanner implements FrameScanner {
  readonly #maxPacketBytes: number
  #isFirst: boolean = true
  /** Bytes of the current frame's body not scanned yet. */
  #left = 0
  /** Position in the length field: 0 = not in it, else the weight of its next byte. */
  #weight = 0
  #length = 0

  constructor(maxPacketBytes: number) {
    this.#maxPacketBytes = maxPacketBytes
  }

  scan(chunk: Uint8Array, credit: number): Scan {
    let at = 0
    let publishes = 0
    while (at < chunk.length) {
      const startsPublish = this.#startsPublish(chunk[at] as number)
      if (startsPublish && publishes === credit) break
      const next = this.#advance(chunk, at)
      if (typeof next === 'string') return { end: at, publishes, connect: false, problem: next }
      at = next
      if (startsPublish) publishes++
      if (this.#endsConnect()) return { end: at, publishes, connect: true, problem: undefined }
    }
    return { end: at, publishes, connect: false, problem: undefined }
  }

  #startsPublish(byte: number): boolean {
    return byte >> 4 === PUBLISH && this.#left === 0 && this.#weight === 0 && !this.#isFirst
  }

  /** Reads a body, a byte of the length field or a header; returns the position behind it, or the problem it reveals. */
  #advance(chunk: Uint8Array, at: number): number | FrameProblem {
    if (this.#left > 0) {
      const step = Math.min(this.#left, chunk.length - at)
      this.#left -= step
      return at + step
    }
    const byte = chunk[at] as number
    if (this.#weight > 0) return this.#readLength(byte) ?? at + 1
    if (this.#isFirst && byte !== CONNECT) return 'not-mqtt'
    this.#weight = 1
    this.#length = 0
    return at + 1
  }

  #readLength(byte: number): FrameProblem | undefined {
    this.#length += (byte & 0x7f) * this.#weight
    if (byte & 0x80) {
      if (this.#weight === 128 ** 3) return 'malformed-length'
      this.#weight *= 128
      return undefined
    }
    this.#weight = 0
    this.#left = this.#length
    const limit = this.#isFirst ? MAX_CONNECT_BYTES : this.#maxPacketBytes
    return this.#length > limit ? 'packet-too-large' : undefined
  }

  /** True once, at the end of the first frame. */
  #endsConnect(): boolean {
    if (!this.#isFirst || this.#weight > 0 || this.#left > 0) return false
    this.#isFirst = false
    return true
  }
}
