/**
 * Door sensors of one lift, four rows a second, without a time: row n (from 0) is n/4 s after the start. The publisher
 * tells the hour (16:30) and neither date nor place; 14 October 2019, a Monday before it was published, and Munich,
 * where it was published, stand for them.
 */
import { join } from 'node:path'
import { readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createMessageLog } from '../message-log.ts'
import { parseDecimal } from '../numbers.ts'

const columns = ['ball-bearing', 'humidity', 'vibration'] as const
const FILE = 'predictive-maintenance-dataset.csv'

const site = {
  id: 'munich',
  name: { zh: '慕尼黑', en: 'Munich' },
  timeZone: 'Europe/Berlin',
  latitude: 48.14,
  longitude: 11.58,
}
const grid = { id: 'lifts', site: site.id, name: { zh: '电梯', en: 'Lifts' } }
const lift = { site: site.id, type: 'elevator', id: 'lift-1' }

/** 16:30 in Berlin (UTC+2). */
const START = Date.UTC(2019, 9, 14, 14, 30)
const STEP_MS = 250

/** A spreadsheet of German or English months took `18.01` for a day: `18. Jan`, `18. Mrz`, `Apr 13`. */
const spreadsheetDate =
  /^(?:\d{1,2}\. ?)?(?:Jan|Feb|Mrz|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)(?: \d{1,2})?$/

export const elevatorDoor: RecordingFormat = {
  folder: 'elevator-door-huawei',
  title: 'Lift car-door sensors, one evening',
  source: 'Huawei Munich Research Center, DOI 10.5281/zenodo.3653909; licence unclear, not to be published',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems })
    let rows = 0
    const onRow = () => rows++
    for await (const row of readTable(join(input.dir, FILE), {
      columns,
      separator: ';',
      problems: input.problems,
      onRow,
    })) {
      const field = fieldReader(row.place, input)
      const values = {
        doorBearing: field('ball-bearing', row['ball-bearing']),
        relativeHumidity: field('humidity', row.humidity),
        doorVibration: field('vibration', row.vibration),
      }
      log.add({
        at: START + (rows - 1) * STEP_MS,
        device: lift,
        channel: 'telemetry',
        values,
        place: row.place,
      })
    }
    const { count, lines } = log.lines()
    const device = { ...lift, grid: grid.id, name: { zh: '1 号电梯', en: 'Lift 1' } }
    return { community: { sites: [site], grids: [grid], devices: [device] }, rows, messages: count, lines }
  },
}

/** A date cannot be turned back with certainty (`Apr 13` lost a digit), so the field is left out and counted. */
function fieldReader(place: string, { problems }: RecordingInput) {
  return (column: string, text: string): number | undefined => {
    const value = parseDecimal(text)
    if (value === undefined)
      problems.add(
        spreadsheetDate.test(text) ? 'spreadsheet-date' : 'broken-number',
        place,
        `${column} ${text}`,
      )
    return value
  }
}
