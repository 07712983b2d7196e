/** Hourly roll-ups as lines: InfluxDB 2 cannot write the results of a query (`SELECT INTO`). */
import type { DeviceType, Field } from '../../../model/device-type.ts'
import { HOUR_MS } from '../../../model/time.ts'
import type { InfluxClient, Series } from './client.ts'
import { type Names, quoteName, quoteText, timeWithin } from './influxql.ts'
import { lineOf, quoteString } from './line-protocol.ts'
import { summary } from './source.ts'

export interface RollUpJob {
  readonly type: DeviceType
  /** Start, ms. */
  readonly hour: number
  /** Existing roll-ups stay, because the raw readings they were computed from are pruned. */
  readonly keepOld: boolean
}

/** Lines of the roll-ups of one hour, computed from its raw readings. */
export async function rollUpLines(client: InfluxClient, names: Names, job: RollUpJob): Promise<string[]> {
  const lines: string[] = []
  for (const [name, field] of Object.entries(job.type.telemetry)) {
    const rows = await summarise({ client, names, job }, name, field)
    const existing =
      job.keepOld && rows.length > 0 ? await devicesRolled({ client, names, job }, name) : new Set()
    for (const { tags, fields } of rows) {
      if (existing.has(tags.device)) continue
      const all = { ...tags, type: job.type.type, field: name }
      lines.push(lineOf({ measurement: names.hourly, tags: all, fields, at: job.hour }))
    }
  }
  return lines
}

interface Context {
  readonly client: InfluxClient
  readonly names: Names
  readonly job: RollUpJob
}

interface Row {
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
}

async function summarise(context: Context, name: string, field: Field): Promise<Row[]> {
  const { client } = context
  const place = placeOf(context)
  if (field.kind !== 'number') {
    const column = quoteName(name)
    const found = await client.select(`SELECT count(${column}), last(${column}) ${place} ${byDevice}`)
    return found.map(wordRow)
  }
  const found = await client.select(`SELECT ${summary(name)} ${place} ${byDevice}`)
  const rises = field.counter ? await risesOf(context, name) : new Map<string, number>()
  return found.map((series) => numberRow(series, rises.get(keyOf(series)) ?? 0))
}

const byDevice = 'GROUP BY "device", "site"'

function placeOf({ names, job }: Context): string {
  return `FROM ${quoteName(names.of(job.type.type))} WHERE ${timeWithin(job.hour, job.hour + HOUR_MS)}`
}

async function risesOf(context: Context, name: string): Promise<Map<string, number>> {
  const steps = `SELECT non_negative_difference(${quoteName(name)}) AS "step" ${placeOf(context)} ${byDevice}`
  const found = await context.client.select(`SELECT sum("step") FROM (${steps}) ${byDevice}`)
  return new Map(found.map((series) => [keyOf(series), Number(series.rows[0]?.[1] ?? 0)]))
}

async function devicesRolled({ client, names, job }: Context, name: string): Promise<Set<unknown>> {
  const found = await client.select(
    `SELECT last("count") FROM ${quoteName(names.hourly)} WHERE "type" = ${quoteText(job.type.type)}
      AND "field" = ${quoteText(name)} AND ${timeWithin(job.hour, job.hour + HOUR_MS)} GROUP BY "device"`,
  )
  return new Set(found.map(({ tags }) => tags.device))
}

function keyOf({ tags }: Series): string {
  return `${tags.site}/${tags.device}`
}

function numberRow({ tags, rows }: Series, rise: number): Row {
  const [, count, sum, min, max, first, last] = rows[0] ?? []
  return { tags, fields: { count: `${count}i`, ...textsOf({ sum, min, max, first, last, rise }) } }
}

function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]))
}

function wordRow({ tags, rows }: Series): Row {
  const [, count, last] = rows[0] ?? []
  return { tags, fields: { count: `${count}i`, word: quoteString(String(last)) } }
}
