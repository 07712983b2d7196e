/**
 * State of the history, stored in InfluxDB itself: wiped or restored together with the readings, so the cursor is never
 * ahead of them. One point per hour; the greatest value counts, so a clock that moves back is harmless.
 */

import type { Clock } from '../../../model/clock.ts'
import { HOUR_MS } from '../../../model/time.ts'
import type { DirtyHour } from '../batch.ts'
import { hourOf } from '../buckets.ts'
import { HistoryUnavailable, messageOf } from '../retry.ts'
import { type InfluxClient, Refusal } from './client.ts'
import { type Names, quoteName, quoteText, time } from './influxql.ts'
import { lineOf } from './line-protocol.ts'

export interface InfluxState {
  /** Newest journal seq stored; 0 at first. */
  cursor(): Promise<number>
  setCursor(seq: number): Promise<void>
  /** Raw readings before this time (ms) are pruned; -Infinity at first. */
  rawFrom(): Promise<number>
  setRawFrom(ms: number): Promise<void>
  /** Hours that have ended at `now` and whose roll-up is out of date, oldest first. */
  dirtyHours(now: number): Promise<DirtyHour[]>
  /** Sets or clears the dirty mark of hours. */
  mark(hours: readonly DirtyHour[], dirty: boolean): Promise<void>
}

export function createInfluxState(deps: {
  readonly client: InfluxClient
  readonly names: Names
  readonly clock: Clock
}): InfluxState {
  const { client, names, clock } = deps
  const known = new Map<string, number>()

  async function read(key: string, initial: number): Promise<number> {
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const [series] = await client.select(
      `SELECT max("value") FROM ${quoteName(names.state)} WHERE "key" = ${quoteText(key)}`,
    )
    const value = Number(series?.rows[0]?.[1] ?? initial)
    known.set(key, value)
    return value
  }

  async function write(key: string, value: number): Promise<void> {
    const at = hourOf(clock.now())
    const fields = { value: `${value}i` }
    await writeRecords(client, [lineOf({ measurement: names.state, tags: { key }, fields, at })])
    known.set(key, value)
  }

  return {
    cursor: () => read('cursor', 0),
    setCursor: (seq) => write('cursor', seq),
    rawFrom: () => read('rawFrom', Number.NEGATIVE_INFINITY),
    setRawFrom: (ms) => write('rawFrom', ms),
    async dirtyHours(now) {
      const found = await client.select(
        `SELECT "dirty" FROM ${quoteName(names.dirty)} WHERE "dirty" = 1 AND time <= ${time(now - HOUR_MS)} GROUP BY "type"`,
      )
      return found
        .flatMap(({ tags, rows }) => rows.map(([hour]) => ({ type: tags.type ?? '', hour: Number(hour) })))
        .sort((a, b) => a.hour - b.hour)
    },
    mark: (hours, dirty) => {
      const fields = { dirty: dirty ? '1i' : '0i' }
      const lines = hours.map(({ type, hour }) =>
        lineOf({ measurement: names.dirty, tags: { type }, fields, at: hour }),
      )
      return writeRecords(client, lines)
    },
  }
}

/** The history cannot work without these records, so their refusal is an outage and not a refused reading. */
async function writeRecords(client: InfluxClient, lines: readonly string[]): Promise<void> {
  await client.write(lines).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    throw new HistoryUnavailable(`InfluxDB refuses the hub's own records: ${messageOf(error)}`, {
      cause: error,
    })
  })
}
