/**
 * Daily level of street bins. The recording has dates only: a reading is placed at noon standard time, so that days are
 * 24 h apart all year; a repeated day (late backfill) one second after the previous one. Reason ALERT means that the
 * electronics of the bin report a fault: status `unknown`, and no level if it is 0 (domain.md B8: the bin may be full).
 */
import { join } from 'node:path'
import type { CommunityFileInput } from '../../../model/community-file.ts'
import { type Row, readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { parseDayFirst } from '../local-time.ts'
import { createMessageLog, type DeviceRef } from '../message-log.ts'
import { createIds, toName } from '../names.ts'
import { parseDecimal, round } from '../numbers.ts'

const columns = ['Bin ID', 'Fullness', 'fullnessThreshold', 'timestamp', 'reason'] as const
type DailyFill = Row<(typeof columns)[number]>

const site = {
  id: 'wyndham',
  name: 'Wyndham City',
  timeZone: 'Australia/Melbourne',
  latitude: -37.9,
  longitude: 144.66,
}
const grid = { id: 'streets', site: site.id, name: { zh: '街道', en: 'Streets' } }
/** 12:00 of UTC+10. */
const NOON_UTC_MS = 2 * 3600_000
const reasons: ReadonlySet<string> = new Set(['NOT_READY', 'FULLNESS', 'ALERT'])

export const binsWyndham: RecordingFormat = {
  folder: 'bins-wyndham-2018-2021',
  title: 'Smart-bin daily fill level, Wyndham City',
  source: 'Wyndham City Council, "Wyndham Smart Bin Fill level (historical)", CC BY',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems })
    const bins = createBins(input)
    const repeatOf = createRepeats(input)
    let rows = 0
    const table = readTable(join(input.dir, 'daily_fill.csv'), {
      columns,
      problems: input.problems,
      onRow: () => rows++,
    })
    for await (const row of table) {
      const day = parseDayFirst(row.timestamp)
      if (day === undefined) input.problems.add('broken-time', row.place, row.timestamp)
      else if (row['Bin ID'] === '') input.problems.add('no-bin', row.place, row.timestamp)
      else {
        const at = day + NOON_UTC_MS + repeatOf(row) * 1000
        const values = valuesOf(row, input)
        log.add({ at, device: bins.of(row), channel: 'telemetry', values, place: row.place })
      }
    }
    const { count, lines } = log.lines()
    return {
      community: { sites: [site], grids: [grid], devices: bins.devices() },
      rows,
      messages: count,
      lines,
    }
  },
}

/** Number of earlier rows of the same bin and day. */
function createRepeats({ problems }: RecordingInput): (row: DailyFill) => number {
  const counts = new Map<string, number>()
  return (row) => {
    const key = `${row['Bin ID']} ${row.timestamp}`
    const before = counts.get(key) ?? 0
    if (before > 0) problems.add('repeated-day', row.place, key)
    counts.set(key, before + 1)
    return before
  }
}

function valuesOf(row: DailyFill, { problems }: RecordingInput) {
  if (!reasons.has(row.reason)) problems.add('unknown-reason', row.place, row.reason)
  const status = row.reason === 'ALERT' ? 'unknown' : 'ok'
  const tenths = parseDecimal(row.Fullness)
  if (tenths === undefined) problems.add('broken-number', row.place, `Fullness ${row.Fullness}`)
  else if (status === 'ok' || tenths !== 0) return { status, fillingLevel: round(tenths / 10, 4) }
  else problems.add('alert-without-level', row.place, row['Bin ID'])
  return { status }
}

/** The threshold of a bin is that of its newest row. */
function createBins({ problems }: RecordingInput) {
  const idOf = createIds()
  const known = new Map<string, { readonly device: DeviceRef; threshold: number | undefined }>()
  return {
    of(row: DailyFill): DeviceRef {
      let bin = known.get(row['Bin ID'])
      if (!bin) {
        const device = { id: idOf(`bin-${row['Bin ID']}`), type: 'bin', site: site.id }
        bin = { device, threshold: undefined }
        known.set(row['Bin ID'], bin)
      }
      const tenths = parseDecimal(row.fullnessThreshold)
      if (tenths !== undefined && tenths >= 0 && tenths <= 10) bin.threshold = round(tenths / 10, 4)
      else problems.add('broken-threshold', row.place, row.fullnessThreshold)
      return bin.device
    },
    devices: (): NonNullable<CommunityFileInput['devices']> =>
      [...known].map(([original, { device, threshold }]) => ({
        ...device,
        grid: grid.id,
        place: { zh: toName(`${original} 号桶`), en: toName(`Bin ${original}`) },
        ...(threshold !== undefined && { meta: { binFullnessThreshold: threshold } }),
      })),
  }
}
