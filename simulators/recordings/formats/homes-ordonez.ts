/**
 * Homes recorded as `*_Sensors.txt`: start, end, location, type, place in local time, separated by runs of tabs.
 * A sensor is identified by location, type and place together. The type gives its kind.
 */

import { findFiles, readLines } from '../files.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { type Activation, addHome, type HomeSensor, homesCommunity, type RecordedHome } from '../homes.ts'
import { createWallClock, parseIsoWall } from '../local-time.ts'
import { createMessageLog } from '../message-log.ts'
import { createIds } from '../names.ts'
import { type SensorKind, sensorKind } from '../sensor-kinds.ts'

const site = {
  id: 'ordonez',
  name: { zh: '马德里', en: 'Madrid' },
  timeZone: 'Europe/Madrid',
  latitude: 40.42,
  longitude: -3.7,
}

/** By the type column in lower case. */
const types: Readonly<Record<string, (location: string) => SensorKind>> = {
  pressure: (location) => ({ type: 'motion', role: sensorKind(location).role === 'bed' ? 'bed' : 'seat' }),
  magnetic: (location) => {
    const kind = sensorKind(location)
    return kind.type === 'door' ? kind : { type: 'door', role: 'cabinet' }
  },
  pir: () => ({ type: 'motion', role: 'movement' }),
  flush: () => ({ type: 'motion', role: 'flush' }),
  electric: () => ({ type: 'motion', role: 'appliance' }),
}

interface SensorRow extends Activation {
  readonly location: string
  readonly type: string
  readonly room: string
}

export const homesOrdonez: RecordingFormat = {
  folder: 'homes-ordonez',
  title: 'Homes of one person with binary sensors',
  source:
    'F. J. Ordonez, P. de Toledo, A. Sanchis, Sensors 2013, 13, 5460-5477; no commercial use, not to be published',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems, heartbeats: true })
    const homeId = createIds()
    const idOf = createIds()
    const homes: RecordedHome[] = []
    let rows = 0
    for (const { path, match } of await findFiles(input.dir, /^(.+)_Sensors\.txt$/i)) {
      const read = await readRows(path, input)
      rows += read.count
      const id = homeId(match[1] ?? 'home')
      const sensors = sensorsOf({ id, idOf }, read.rows, input)
      const home = { id, name: id, site: site.id, sensors }
      addHome(log, home, input.problems)
      homes.push(home)
    }
    const { count, lines } = log.lines()
    return { community: homesCommunity([site], homes), rows, messages: count, lines }
  },
}

/** The two lines above the table: column names, dashes. */
const heading = /^(start time|-{3,})/i

async function readRows(file: string, { problems }: RecordingInput) {
  const toUtc = createWallClock(site.timeZone)
  const rows: SensorRow[] = []
  let count = 0
  let newest = Number.NEGATIVE_INFINITY
  for await (const { place, text } of readLines(file)) {
    if (heading.test(text)) continue
    count++
    const row = parseRow(text)
    if ('problem' in row) {
      problems.add(row.problem, place, text)
      continue
    }
    if (row.start < newest) problems.add('out-of-order', place, text)
    newest = Math.max(newest, row.start)
    const [first, last] = [toUtc(row.start), toUtc(row.end)]
    const problem = first.problem ?? last.problem
    if (problem) problems.add(problem, place, text)
    // If the clocks went back during the activation, the end is ambiguous and must not precede the start.
    rows.push({ ...row, start: first.at, end: Math.max(first.at, last.at), place })
  }
  return { rows, count }
}

/** `start` and `end` in local time. */
function parseRow(text: string): Omit<SensorRow, 'place'> | { readonly problem: string } {
  const cells = text
    .trim()
    .split(/\s*\t\s*|\s{2,}/)
    .filter((cell) => cell !== '')
  const [from = '', to = '', location, type, room] = cells
  if (cells.length !== 5 || !location || !type || !room) return { problem: 'broken-row' }
  const [start, end] = [parseIsoWall(from), parseIsoWall(to)]
  if (start === undefined || end === undefined) return { problem: 'broken-time' }
  return end < start ? { problem: 'ends-before-start' } : { start, end, location, type, room }
}

function sensorsOf(
  home: { readonly id: string; readonly idOf: (original: string) => string },
  rows: readonly SensorRow[],
  { problems }: RecordingInput,
): HomeSensor[] {
  const groups = Map.groupBy(rows, ({ location, type, room }) =>
    `${location}\t${type}\t${room}`.toLowerCase(),
  )
  return [...groups.values()].flatMap((activations) => {
    const [first] = activations
    if (!first) return []
    const { location, type, room, place } = first
    const known = types[type.toLowerCase()]
    if (!known) problems.add('unknown-sensor', place, `${location} ${type} ${room}`)
    const kind = known?.(location) ?? { type: 'motion' as const }
    const device = { id: home.idOf(`${home.id}-${location}-${room}`), type: kind.type, site: site.id }
    return [{ device, kind, name: location, room, activations }]
  })
}
