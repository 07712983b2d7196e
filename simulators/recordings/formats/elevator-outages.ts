/**
 * Outages of lifts. An outage becomes the event `out-of-service` with its reason and the promised time of return, and
 * `back-in-service` at its end; both carry the number of the outage, so that overlapping ones can be distinguished. The
 * car mode follows from the active outages: `inspection` while all are planned, else `out-of-service`; `normal` without
 * any. It is reported with the latest promise of the active ones. These lifts have no other telemetry.
 */
import { join } from 'node:path'
import { readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createMessageLog, type MessageLog } from '../message-log.ts'
import { type Lift, liftsCommunity, readLifts } from './elevator-register.ts'

const columns = ['elevator', 'reason', 'out_of_service', 'first_missed', 'estimated_return'] as const

interface Outage {
  readonly number: number
  readonly reason: string
  readonly start: number
  /** Undefined: still out at the end of the recording. */
  readonly end: number | undefined
  readonly promised: number | undefined
  readonly place: string
}

/** Reasons of planned outages. */
const planned = /^(inspection|maintenance|cleaning)\b/i

export const elevatorOutages: RecordingFormat = {
  folder: 'elevators-mta-outages-2018',
  title: 'Lift outages, New York City Transit',
  source: 'Notices of the MTA, collected by github.com/jeremiak/mta-elevator-outages, CC BY-SA',
  async convert(input) {
    const register = await readLifts(join(input.dir, 'elevators.csv'), input.problems)
    const log = createMessageLog({ problems: input.problems })
    const outages = new Map<Lift, Outage[]>()
    let rows = 0
    const table = readTable(join(input.dir, 'outages.csv'), {
      columns,
      problems: input.problems,
      onRow: () => rows++,
    })
    for await (const row of table) {
      const outage = readOutage(row, rows, input)
      if (!outage) continue
      const lift = register.of(row.elevator, row.place)
      outages.set(lift, [...(outages.get(lift) ?? []), outage])
    }
    for (const [lift, list] of outages) addOutages(log, lift, list)
    const { count, lines } = log.lines()
    return { community: liftsCommunity(register.all()), rows, messages: count, lines }
  },
}

function readOutage(
  row: { readonly [K in (typeof columns)[number] | 'place']: string },
  number: number,
  { problems }: RecordingInput,
): Outage | undefined {
  const start = parseTime(row.out_of_service)
  if (start === undefined || row.elevator === '') {
    problems.add(
      row.elevator === '' ? 'no-lift' : 'broken-time',
      row.place,
      `out_of_service ${row.out_of_service}`,
    )
    return undefined
  }
  const optional = (column: 'first_missed' | 'estimated_return'): number | undefined => {
    const time = parseTime(row[column])
    if (time === undefined && row[column] !== '')
      problems.add('broken-time', row.place, `${column} ${row[column]}`)
    return time
  }
  const end = optional('first_missed')
  const promised = optional('estimated_return')
  if (end !== undefined && end < start) {
    problems.add('ends-before-start', row.place, row.first_missed)
    return undefined
  }
  return { number, reason: row.reason, start, end, promised, place: row.place }
}

/** `2018-02-21 14:03:38.398316+00:00`; a time without offset is invalid. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!match) return undefined
  const time = Date.parse(`${match[1]}T${match[2]}${(match[3] ?? '').slice(0, 4)}${match[4]}`)
  return Number.isNaN(time) ? undefined : time
}

function addOutages(log: MessageLog, { device }: Lift, outages: readonly Outage[]): void {
  const changes = outages
    .flatMap((outage) => [
      { at: outage.start, outage, begins: true },
      ...(outage.end === undefined ? [] : [{ at: outage.end, outage, begins: false }]),
    ])
    .sort((a, b) => a.at - b.at || a.outage.number - b.outage.number)
  const active = new Set<Outage>()
  for (const { at, outage, begins } of changes) {
    if (begins) active.add(outage)
    else active.delete(outage)
    const common = { at, device, place: outage.place }
    log.add({ ...common, channel: 'event', values: begins ? beginning(outage) : ending(outage) })
    log.add({ ...common, channel: 'telemetry', values: telemetry([...active]) })
  }
}

const beginning = ({ number, reason, promised }: Outage) => ({
  type: 'out-of-service',
  outage: number,
  reason,
  ...(promised === undefined ? {} : { estimatedReturn: new Date(promised).toISOString() }),
})

const ending = ({ number }: Outage) => ({ type: 'back-in-service', outage: number })

function telemetry(active: readonly Outage[]) {
  const promises = active.flatMap(({ promised }) => promised ?? [])
  const estimatedReturn = promises.length === 0 ? undefined : Math.round(Math.max(...promises) / 1000)
  return { carMode: carMode(active), ...(estimatedReturn !== undefined && { estimatedReturn }) }
}

function carMode(active: readonly Outage[]): string {
  if (active.length === 0) return 'normal'
  return active.every(({ reason }) => planned.test(reason)) ? 'inspection' : 'out-of-service'
}
