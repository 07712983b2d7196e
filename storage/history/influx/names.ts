/** Measurements of the InfluxDB history, and the lines and reads of those the hub keeps about itself. */
import { escapeTag } from './line-protocol.ts'

export interface Names {
  readonly prefix: string
  readonly state: string
  readonly dirty: string
  readonly hourly: string
  of(name: string): string
}

/** `prefix` lets several hubs share one bucket. */
export function createNames(prefix: string): Names {
  const of = (name: string): string => `${prefix}${name}`
  return { prefix, of, state: of('linli_state'), dirty: of('linli_dirty'), hourly: of('linli_hourly') }
}

/** `measurement,tag=value… field=value… time`; fields are given as line protocol writes them. */
export function lineOf(parts: {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
  readonly at: number
}): string {
  const tags = Object.entries(parts.tags).map(([key, value]) => `,${key}=${escapeTag(value)}`)
  const fields = Object.entries(parts.fields).map(([key, value]) => `${key}=${value}`)
  const ns = BigInt(parts.at) * 1_000_000n
  return `${escapeTag(parts.measurement)}${tags.join('')} ${fields.join(',')} ${ns}`
}
