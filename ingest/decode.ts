/** First stage: bytes to one flat JSON object, or the reason why not. */
import { isUtf8 } from 'node:buffer'

/** Why a payload cannot be read; the word is also the metric's label and the reason in quarantine. */
export type DecodeFault = 'empty' | 'not-utf8' | 'byte-order-mark' | 'not-json' | 'not-an-object' | 'too-deep'

export type JsonObject = Readonly<Record<string, unknown>>

/** A payload is flat; a list of words is one level more. What is deeper than this was never meant for us. */
const MAX_DEPTH = 8

/** Decodes the bytes of a payload. Never throws. */
export function decode(
  payload: Uint8Array,
): { readonly value: JsonObject } | { readonly fault: DecodeFault } {
  if (payload.length === 0) return { fault: 'empty' }
  if (!isUtf8(payload)) return { fault: 'not-utf8' }
  // RFC 8259 8.1: a sender must not add one; JSON.parse would only say "unexpected token".
  if (payload[0] === 0xef && payload[1] === 0xbb && payload[2] === 0xbf) return { fault: 'byte-order-mark' }
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return { fault: 'not-json' }
  }
  return decoded(value)
}

/** The same checks for a payload that is an object already (a recorded log). */
export function decoded(value: unknown): { readonly value: JsonObject } | { readonly fault: DecodeFault } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'not-an-object' }
  if (isDeeper(value, MAX_DEPTH)) return { fault: 'too-deep' }
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
