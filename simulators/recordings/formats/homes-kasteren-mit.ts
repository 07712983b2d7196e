/**
 * Homes recorded as `house*.sensors` (start, duration, sensor) and `house*.sensor_names`. Start is the local wall clock
 * in seconds since 1970. The MIT homes name their sensors `Room,Thing`, the Amsterdam ones do not, which distinguishes
 * them. Only doors named as entrance count as one: those of house E are interior, since none is certain. A named sensor
 * without activations still becomes a device; a sensor without a name is reported and becomes a movement sensor.
 */

import { findFiles, readLines } from '../files.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { type Activation, addHome, type HomeSensor, homesCommunity, type RecordedHome } from '../homes.ts'
import { createWallClock } from '../local-time.ts'
import { createMessageLog } from '../message-log.ts'
import { createIds, toName } from '../names.ts'
import { parseWhole } from '../numbers.ts'
import { sensorKind } from '../sensor-kinds.ts'

const amsterdam = {
  id: 'kasteren',
  name: { zh: '阿姆斯特丹', en: 'Amsterdam' },
  timeZone: 'Europe/Amsterdam',
  latitude: 52.37,
  longitude: 4.9,
}
const boston = {
  id: 'mit',
  name: { zh: '波士顿', en: 'Boston' },
  timeZone: 'America/New_York',
  latitude: 42.36,
  longitude: -71.09,
}

/** Valid range, 1990 to 2100, in seconds since 1970. */
const FIRST_S = Date.UTC(1990, 0, 1) / 1000
const LAST_S = Date.UTC(2100, 0, 1) / 1000

export const homesKasterenMit: RecordingFormat = {
  folder: 'homes-kasteren-mit',
  title: 'Homes of people living alone: door, cupboard and motion sensors',
  source:
    'T. van Kasteren et al., UbiComp 2008 and Pervasive 2010; E. Munguia Tapia et al., Pervasive 2004; to be cited, not to be published',
  async convert(input) {
    const log = createMessageLog({ problems: input.problems, heartbeats: true })
    const homeId = createIds()
    const idOf = createIds()
    const homes: RecordedHome[] = []
    let rows = 0
    for (const { path, match } of await findFiles(input.dir, /^house(.+)\.sensors$/)) {
      const names = await readNames(path.replace(/\.sensors$/, '.sensor_names'), input)
      const site = [...names.values()].some((name) => name.includes(',')) ? boston : amsterdam
      const read = await readActivations(path, site.timeZone, input)
      rows += read.rows
      const id = homeId(`house${match[1]}`)
      const sensors = sensorsOf({ home: id, site: site.id, idOf }, names, read.activations, input)
      const home = { id, name: toName(`House ${match[1]}`), site: site.id, sensors }
      addHome(log, home, input.problems)
      homes.push(home)
    }
    const { count, lines } = log.lines()
    return { community: homesCommunity([amsterdam, boston], homes), rows, messages: count, lines }
  },
}

async function readNames(file: string, { problems }: RecordingInput): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  for await (const { place, text } of readLines(file)) {
    const [id = '', name = ''] = text.split('\t').map((cell) => cell.trim())
    const sensor = parseWhole(id)
    if (sensor === undefined || name === '') problems.add('broken-name', place, text)
    else names.set(sensor, name)
  }
  return names
}

async function readActivations(file: string, timeZone: string, { problems }: RecordingInput) {
  const toUtc = createWallClock(timeZone)
  const activations = new Map<number, Activation[]>()
  let rows = 0
  let newest = 0
  for await (const { place, text } of readLines(file)) {
    rows++
    const row = parseRow(text)
    if ('problem' in row) {
      problems.add(row.problem, place, text)
      continue
    }
    const { start, duration, sensor } = row
    if (start < newest) problems.add('out-of-order', place, text)
    newest = Math.max(newest, start)
    const { at, problem } = toUtc(start * 1000)
    if (problem) problems.add(problem, place, text)
    const list = activations.get(sensor) ?? []
    activations.set(sensor, list)
    list.push({ start: at, end: at + duration * 1000, place })
  }
  return { rows, activations }
}

interface ActivationRow {
  /** Local seconds since 1970. */
  readonly start: number
  /** Seconds. */
  readonly duration: number
  readonly sensor: number
}

function parseRow(text: string): ActivationRow | { readonly problem: string } {
  const [start, duration, sensor, ...rest] = text.trim().split(/\s+/).map(parseWhole)
  if (start === undefined || duration === undefined || sensor === undefined || rest.length > 0)
    return { problem: 'broken-row' }
  if (start < FIRST_S || start + duration > LAST_S) return { problem: 'time-out-of-range' }
  return duration < 0 ? { problem: 'negative-duration' } : { start, duration, sensor }
}

function sensorsOf(
  home: { readonly home: string; readonly site: string; readonly idOf: (original: string) => string },
  names: ReadonlyMap<number, string>,
  activations: ReadonlyMap<number, Activation[]>,
  { problems }: RecordingInput,
): HomeSensor[] {
  const numbers = new Set([...names.keys(), ...activations.keys()])
  return [...numbers].map((number) => {
    const own = activations.get(number) ?? []
    const full = names.get(number)
    if (full === undefined) {
      for (const { place } of own) problems.add('unknown-sensor', place, `sensor ${number} of ${home.home}`)
    }
    const [first = '', ...rest] = (full ?? `Sensor ${number}`).split(',')
    const [room, name] = rest.length > 0 ? [first.trim(), rest.join(',').trim()] : [undefined, first]
    const kind = sensorKind(name)
    const device = { id: home.idOf(`${home.home}-${number}`), type: kind.type, site: home.site }
    return { device, kind, name, room, activations: own }
  })
}
