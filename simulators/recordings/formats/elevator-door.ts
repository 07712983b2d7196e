/**
 * Door sensors of one lift, four rows a second, without timestamps: row n (from 0) is n/4 s after the start. The
 * publisher gives only the hour (16:30); 14 October 2019, a Monday before the publication, and Munich, the place of
 * publication, are assumed.
 */
import { join } from 'node:path'
import { type Row, readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createMessageLog } from '../message-log.ts'
import { parseDecimal } from '../numbers.ts'

const columns = ['ball-bearing', 'humidity', 'vibration'] as const
type Column = (typeof columns)[number]
const FILE = 'predictive-maintenance-dataset.csv'

const site = {
  id: 'munich',
  name: { zh: '慕尼黑', en: 'Munich' },
  timeZone: 'Europe/Berlin',
  latitude: 48.14,
  longitude: 11.58,
}
const grid = { id: 'lifts', site: site.id, name: { zh: '电梯', en: 'Lifts' } }
const lift = { id: 'lift-1', type: 'elevator', site: site.id }

/** 16:30 in Berlin (UTC+2). */
const START = Date.UTC(2019, 9, 14, 14, 30)
const STEP_MS = 250

/** A spreadsheet with German or English months has turned `18.01` into a date: `18. Jan`, `18. Mrz`, `Apr 13`. */
const spreadsheetDate =
  /^(?:\d{1,2}\. ?)?(?:Jan|Feb|Mrz|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)(?: \d{1,2})?$/

export const elevatorDoor: RecordingFormat = {
  folder: 'elevator-door-huawei',
  title: 'Lift car-door sensors, one evening',
  source: 'Huawei Munich Research Center, DOI 10.5281/zenodo.3653909; licence unclear, not to be published',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems })
    let rows = 0
    const options = { columns, separator: ';', problems: input.problems, onRow: () => rows++ }
    for await (const row of readTable(join(input.dir, FILE), options)) {
      const at = START + (rows - 1) * STEP_MS
      log.add({ at, device: lift, channel: 'telemetry', values: readRow(row, input), place: row.place })
    }
    const { count, lines } = log.lines()
    const device = { ...lift, grid: grid.id, name: { zh: '1 号电梯', en: 'Lift 1' } }
    return { community: { sites: [site], grids: [grid], devices: [device] }, rows, messages: count, lines }
  },
}

/**
 * A date cannot be converted back with certainty (`Apr 13` may have been 4.13 or 4.2013), so the field is left out; the
 * row is counted once as `spreadsheet-date` and each of its fields by column.
 */
function readRow(row: Row<Column>, { problems }: RecordingInput) {
  const dates = columns.filter((column) => spreadsheetDate.test(row[column]))
  if (dates.length > 0)
    problems.add('spreadsheet-date', row.place, columns.map((column) => row[column]).join(';'))
  for (const column of dates) problems.add(`spreadsheet-date-in-${column}`, row.place, row[column])
  const number = (column: Column): number | undefined => {
    const value = parseDecimal(row[column])
    if (value === undefined && !dates.includes(column))
      problems.add('broken-number', row.place, `${column} ${row[column]}`)
    return value
  }
  return {
    doorBearing: number('ball-bearing'),
    relativeHumidity: number('humidity'),
    doorVibration: number('vibration'),
  }
}
