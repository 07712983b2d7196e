/** Encodes PUBACK packets (MQTT 3.1.1, 3.4). */

const PUBACK = 0x40
const PUBACK_BYTES = 4

/** One packet for each message id, concatenated. */
export function pubacks(ids: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(ids.length * PUBACK_BYTES)
  let at = 0
  for (const id of ids) {
    bytes[at] = PUBACK
    bytes[at + 1] = 2
    bytes[at + 2] = id >> 8
    bytes[at + 3] = id & 0xff
    at += PUBACK_BYTES
  }
  return bytes
}
