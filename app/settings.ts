/** Walks the config schema: every setting with its path, environment variable, default and meaning. */
import { z } from 'zod'

export interface Setting {
  readonly path: readonly string[]
  /** `LINLI_BROKER_MAX_PACKET_BYTES` for `broker.maxPacketBytes`. */
  readonly env: string
  readonly description: string
  /** JSON text; empty = none. */
  readonly fallback: string
}

/** Every leaf of an object schema, in its order. The README's table and the environment variables come from here. */
export function settingsOf(schema: z.ZodType, path: readonly string[] = []): Setting[] {
  const bare = unwrap(schema)
  if (bare instanceof z.ZodObject) {
    return Object.entries(bare.shape as Record<string, z.ZodType>).flatMap(([key, child]) =>
      settingsOf(child, [...path, key]),
    )
  }
  const whenMissing = schema.safeParse(undefined)
  return [
    {
      path,
      env: envName(path),
      description: schema.description ?? bare.description ?? '',
      fallback: whenMissing.success && whenMissing.data !== undefined ? JSON.stringify(whenMissing.data) : '',
    },
  ]
}

function envName(path: readonly string[]): string {
  return `LINLI_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`)).join('_')}`.toUpperCase()
}

/** Takes defaults and the like off, so that the kind of schema underneath is seen. */
function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrap(schema.unwrap() as z.ZodType)
  }
  return schema
}
