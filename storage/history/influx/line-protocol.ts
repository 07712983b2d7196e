/** Line protocol: one line for each reading. Hot path: text that repeats between readings is cached. */
import type { DeviceType, FieldValue } from '../../../model/device-type.ts'
import { type DeviceRow, fitsKind, listText, wordAndDetails } from '../batch.ts'

/** A tag key or value, or a measurement. */
export function escapeTag(text: string): string {
  // A trailing backslash would escape the separator; a line break would end the line.
  return text
    .replace(/[,= ]/g, '\\$&')
    .replace(/[\n\r]/g, '_')
    .replace(/\\+$/, '')
}

/** A string field. */
export function quoteString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const NS_PER_MS = 1_000_000

/**
 * Nanoseconds: the event time, and the seq below the millisecond. So two readings of one millisecond are two points, and
 * the same reading written again is the same point.
 */
export function timestamp(ts: number, seq: number): string {
  const within = seq % NS_PER_MS
  if (ts > 0) return `${ts}${String(within).padStart(6, '0')}`
  return String(BigInt(ts) * BigInt(NS_PER_MS) + BigInt(within))
}

export interface LineWriter {
  /** `fits` is false when a value did not have its field's kind and was left out. */
  reading(entry: DeviceRow): { readonly line: string; readonly fits: boolean }
  /** An event, status or meta message: measurement of that name, its device type as a tag. */
  message(entry: DeviceRow): string
}

/** Cached line heads; more than a community has devices. */
const MAX_HEADS = 100_000

/** Throws TypeError for a reading of an unknown type. */
export function createLineWriter(types: ReadonlyMap<string, DeviceType>, prefix: string): LineWriter {
  const writers = new Map([...types].map(([name, type]) => [name, createTypeWriter(type, prefix)]))
  return {
    reading(entry) {
      const write = writers.get(entry.type)
      if (!write) throw new TypeError(`no device type ${entry.type}`)
      return write(entry)
    },
    message(entry) {
      const { word, details } = wordAndDetails(entry)
      const tags = `device=${escapeTag(entry.device)},site=${escapeTag(entry.site)},type=${escapeTag(entry.type)}`
      const fields = [
        ...(word === null ? [] : [`word=${quoteString(word)}`]),
        ...(details === null ? [] : [`details=${quoteString(details)}`]),
      ]
      const named = fields.map((field) => `${field},`).join('')
      return `${escapeTag(prefix + entry.kind)},${tags} ${named}${ownFields(entry)} ${timestamp(entry.ts, entry.seq)}`
    },
  }
}

function createTypeWriter(type: DeviceType, prefix: string) {
  const columns = new Map(
    Object.entries(type.telemetry).map(([name, field]) => [
      name,
      { start: `${escapeTag(name)}=`, kind: field.kind },
    ]),
  )
  const heads = new Map<string, { readonly site: string; readonly text: string }>()
  const measurement = escapeTag(prefix + type.type)

  function headOf({ device, site }: DeviceRow): string {
    const known = heads.get(device)
    if (known?.site === site) return known.text
    if (heads.size >= MAX_HEADS) heads.clear()
    const text = `${measurement},device=${escapeTag(device)},site=${escapeTag(site)} `
    heads.set(device, { site, text })
    return text
  }

  return (entry: DeviceRow): { line: string; fits: boolean } => {
    let line = headOf(entry)
    let fits = true
    for (const name in entry.values) {
      const column = columns.get(name)
      const value = entry.values[name]
      if (column === undefined || value === undefined) continue
      if (fitsKind(column.kind, value)) line += `${column.start}${fieldText(value)},`
      else fits = false
    }
    return { line: `${line}${ownFields(entry)} ${timestamp(entry.ts, entry.seq)}`, fits }
  }
}

function fieldText(value: FieldValue): string {
  switch (typeof value) {
    case 'number':
      return String(value)
    case 'boolean':
      return value ? 't' : 'f'
    case 'string':
      return quoteString(value)
    default:
      return quoteString(listText(value))
  }
}

/** Fields of every message; `quality` only when it is not `live`. */
function ownFields({ seq, receivedAt, messageSeq, quality }: DeviceRow): string {
  const counted = Number.isSafeInteger(messageSeq) ? `,message_seq=${messageSeq}i` : ''
  const doubtful = quality === 'live' ? '' : `,quality="${quality}"`
  return `seq=${seq}i,received_at=${receivedAt}i${counted}${doubtful}`
}

/** `measurement,tag=value… field=value… time`; field values are already encoded. `at` in ms. */
export function lineOf(point: {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
  readonly at: number
}): string {
  const tags = Object.entries(point.tags).map(([key, value]) => `,${key}=${escapeTag(value)}`)
  const fields = Object.entries(point.fields).map(([key, value]) => `${key}=${value}`)
  const ns = BigInt(point.at) * 1_000_000n
  return `${escapeTag(point.measurement)}${tags.join('')} ${fields.join(',')} ${ns}`
}
