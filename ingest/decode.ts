/** First step of the pipeline: payload bytes to one flat JSON object, or the reason why not. */
import { isUtf8 } from 'node:buffer'

/** Why a payload cannot be decoded; also the metric's label and the reason in quarantine. */
export type DecodeProblem =
  | 'empty'
  | 'not-utf8'
  | 'byte-order-mark'
  | 'not-json'
  | 'not-an-object'
  | 'too-deep'

export type JsonObject = Readonly<Record<string, unknown>>

export type Decoded = { readonly value: JsonObject } | { readonly problem: DecodeProblem }

/** A payload is flat, a list of words is one level more; anything deeper is not a device payload. */
const MAX_DEPTH = 8

/** Decodes a payload: bytes as received over MQTT, or the object of a recorded log. Never throws. */
export function decode(payload: Uint8Array | object): Decoded {
  return payload instanceof Uint8Array ? decodeBytes(payload) : checkObject(payload)
}

function decodeBytes(payload: Uint8Array): Decoded {
  if (payload.length === 0) return { problem: 'empty' }
  if (!isUtf8(payload)) return { problem: 'not-utf8' }
  // RFC 8259 8.1 forbids it; JSON.parse would only report "unexpected token".
  if (payload[0] === 0xef && payload[1] === 0xbb && payload[2] === 0xbf) return { problem: 'byte-order-mark' }
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return { problem: 'not-json' }
  }
  return checkObject(value)
}

function checkObject(value: unknown): Decoded {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'not-an-object' }
  if (isDeeper(value, MAX_DEPTH)) return { problem: 'too-deep' }
  return { value: value as JsonObject }
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true
  }
  return false
}
