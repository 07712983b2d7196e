/**
 * Emptyings of street bins. A row has the level before and after; it becomes a reading of the level before at the
 * recorded time, and a minute later the event `emptied` and a reading of the level after. Only emptyings are recorded,
 * so heartbeats stand for the readings in between.
 */
import { join } from 'node:path'
import type { CommunityFileInput } from '../../../model/community-file.ts'
import { type Row, readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createWallClock, parseIsoWall } from '../local-time.ts'
import { createMessageLog, type DeviceRef } from '../message-log.ts'
import { createIds, toName } from '../names.ts'
import { parseDecimal, round } from '../numbers.ts'

const columns = [
  'collected_at_local',
  'event_id',
  'bin_id',
  'bin_name',
  'street',
  'fill_before_pct',
  'fill_after_pct',
  'weight_kg',
] as const
type Collection = Row<(typeof columns)[number]>

const site = {
  id: 'edinburgh',
  name: 'Edinburgh',
  timeZone: 'Europe/London',
  latitude: 55.95,
  longitude: -3.19,
}
const grid = { id: 'streets', site: site.id, name: { zh: '街道', en: 'Streets' } }
const EMPTYING_MS = 60_000

export const binsEdinburgh: RecordingFormat = {
  folder: 'bins-edinburgh-2016',
  title: 'Litter-bin collections with fill level, Edinburgh',
  source: 'Contains City of Edinburgh Council data, OGL v3.0',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems, heartbeats: true })
    const toUtc = createWallClock(site.timeZone)
    const bins = createBins()
    const events = new Set<string>()
    let rows = 0
    const table = readTable(join(input.dir, 'collections.csv'), {
      columns,
      problems: input.problems,
      onRow: () => rows++,
    })
    for await (const row of table) {
      const wall = parseIsoWall(row.collected_at_local)
      if (wall === undefined) input.problems.add('broken-time', row.place, row.collected_at_local)
      else if (row.bin_id === '') input.problems.add('no-bin', row.place, row.event_id)
      else if (events.has(row.event_id)) input.problems.add('repeated-event', row.place, row.event_id)
      else {
        events.add(row.event_id)
        const { at, problem: doubt } = toUtc(wall)
        if (doubt) input.problems.add(doubt, row.place, row.collected_at_local)
        for (const message of messagesOf(row, at, bins.of(row), input)) log.add(message)
      }
    }
    const { count, lines } = log.lines()
    return {
      community: { sites: [site], grids: [grid], devices: bins.devices },
      rows,
      messages: count,
      lines,
    }
  },
}

function messagesOf(row: Collection, at: number, device: DeviceRef, { problems }: RecordingInput) {
  const number = (column: (typeof columns)[number]): number | undefined => {
    const value = parseDecimal(row[column])
    if (value === undefined) problems.add('broken-number', row.place, `${column} ${row[column]}`)
    return value
  }
  const level = (percent: number | undefined) => (percent === undefined ? undefined : round(percent / 100, 4))
  const before = { fillingLevel: level(number('fill_before_pct')), cargoWeight: number('weight_kg') }
  const after = { fillingLevel: level(number('fill_after_pct')) }
  const { place } = row
  return [
    { at, device, channel: 'telemetry', values: before, place },
    { at: at + EMPTYING_MS, device, channel: 'event', values: { type: 'emptied' }, place },
    { at: at + EMPTYING_MS, device, channel: 'telemetry', values: after, place },
  ] as const
}

function createBins() {
  const idOf = createIds()
  const known = new Map<string, DeviceRef>()
  const devices: NonNullable<CommunityFileInput['devices']> = []
  return {
    devices,
    of(row: Collection): DeviceRef {
      let device = known.get(row.bin_id)
      if (!device) {
        device = { id: idOf(`bin-${row.bin_id}`), type: 'bin', site: site.id }
        known.set(row.bin_id, device)
        devices.push({ ...device, grid: grid.id, place: toName(row.bin_name || row.street || row.bin_id) })
      }
      return device
    },
  }
}
