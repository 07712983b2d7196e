/**
 * Power and voltage of one street-lighting circuit, one line a minute, in days of 1,440 lines, the newest day first.
 * The recording has neither date nor hour. The lamps are on for 12.8 h a night, less every day, as around Rome in late
 * February, and 08:30 as the first minute puts switching at dusk and dawn: the newest day is set to 23 February 2020.
 * A minute without a value (`nan`) gives no reading: the meter was not received, which means nothing for the lamps.
 */
import { join } from 'node:path'
import { readLines } from '../files.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createMessageLog } from '../message-log.ts'
import { parseDecimal, round } from '../numbers.ts'

const site = {
  id: 'italy',
  name: { zh: '意大利', en: 'Italy' },
  timeZone: 'Europe/Rome',
  latitude: 45.07,
  longitude: 10.9,
}
const grid = { id: 'lighting', site: site.id, name: { zh: '路灯', en: 'Street lighting' } }
const cabinet = { id: 'cabinet-1', type: 'cabinet', site: site.id }

/** 08:30 in Rome (UTC+1). */
const NEWEST_DAY = Date.UTC(2020, 1, 23, 7, 30)
const MINUTE_MS = 60_000
const DAY_MINUTES = 1440

export const lightingCabinet: RecordingFormat = {
  folder: 'lights-slightlimon-cabinet',
  title: 'One street-lighting power line, minute by minute',
  source: 'github.com/adamoferro/slightlimon, GPL-3.0, not to be published with works under another licence',
  async convert(input) {
    const power = await readColumn(join(input.dir, 'power_w.txt'), input)
    const voltage = await readColumn(join(input.dir, 'voltage_v.txt'), input)
    const rows = Math.max(power.length, voltage.length)
    if (power.length !== voltage.length)
      input.problems.add(
        'files-differ-in-length',
        'power_w.txt',
        `${power.length} and ${voltage.length} lines`,
      )
    if (rows % DAY_MINUTES !== 0)
      input.problems.add('incomplete-day', 'power_w.txt', `${rows % DAY_MINUTES} minutes of the oldest day`)
    const log = createMessageLog({ problems: input.problems })
    for (let row = 0; row < rows; row++) {
      const place = `power_w.txt:${row + 1}`
      const watts = power[row]
      const values = {
        activePowerR: watts === undefined ? undefined : round(watts / 1000, 6),
        voltageR: voltage[row],
      }
      if (watts === undefined && voltage[row] === undefined)
        input.problems.add('missing-minute', place, 'nan')
      else log.add({ at: timeOf(row), device: cabinet, channel: 'telemetry', values, place })
    }
    const { count, lines } = log.lines()
    const device = { ...cabinet, grid: grid.id, name: { zh: '1 号控制柜', en: 'Cabinet 1' } }
    return { community: { sites: [site], grids: [grid], devices: [device] }, rows, messages: count, lines }
  },
}

function timeOf(row: number): number {
  const day = Math.floor(row / DAY_MINUTES)
  return NEWEST_DAY + ((row % DAY_MINUTES) - day * DAY_MINUTES) * MINUTE_MS
}

/** One value per line; undefined if missing or broken, so that both files stay aligned. */
async function readColumn(file: string, { problems }: RecordingInput): Promise<(number | undefined)[]> {
  const values: (number | undefined)[] = []
  for await (const { place, number, text } of readLines(file)) {
    const value = parseDecimal(text.trim())
    if (value === undefined)
      problems.add(/^nan$/i.test(text.trim()) ? 'missing-value' : 'broken-number', place, text)
    values[number - 1] = value
  }
  return values
}
