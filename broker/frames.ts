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
  let first = true
  /** Bytes of the current frame's body not scanned yet. */
  let left = 0
  /** Position in the length field: 0 = not in it, else the weight of its next byte. */
  let weight = 0
  let length = 0

  /** Reads the next byte of the length field; returns the problem it reveals. */
  function readLength(byte: number): FrameProblem | undefined {
    length += (byte & 0x7f) * weight
    if (byte & 0x80) {
      if (weight === 128 ** 3) return 'malformed-length'
      weight *= 128
      return undefined
    }
    weight = 0
    left = length
    return length > (first ? MAX_CONNECT_BYTES : maxPacketBytes) ? 'packet-too-large' : undefined
  }

  function scan(chunk: Uint8Array, credit: number): Scan {
    let at = 0
    let publishes = 0
    const stop = (fault?: FrameProblem, connect = false): Scan => ({
      end: at,
      publishes,
      connect,
      problem: fault,
    })
    while (at < chunk.length) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at)
        at += step
        left -= step
      } else if (weight > 0) {
        const fault = readLength(chunk[at++] as number)
        if (fault) return stop(fault)
      } else {
        const header = chunk[at] as number
        if (first && header !== CONNECT) return stop('not-mqtt')
        if (header >> 4 === PUBLISH && publishes++ === credit) {
          publishes = credit
          return stop()
        }
        at++
        weight = 1
        length = 0
      }
      if (first && weight === 0 && left === 0) {
        first = false
        return stop(undefined, true)
      }
    }
    return stop()
  }
  return { scan }
}
