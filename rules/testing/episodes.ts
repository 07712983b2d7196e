/** Episodes of one rule for weeks of readings of one device: in order, late, duplicated, or with restarts. */
import type { FieldValues } from '../../model/device-type.ts'
import type { DeviceEntry, Entry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import { createEngine, type Engine } from '../engine/create-engine.ts'
import { compiled, device, directoryOf, midnight, ruleText } from './community.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** One reading; `hour` counts from midnight of the first day. */
export interface TestReading {
  readonly hour: number
  readonly values: FieldValues
  readonly kind?: 'event'
}

export interface Tested {
  readonly type: string
  /** Fields of the rule file besides the defaults of `ruleText`. */
  readonly rule: Readonly<Record<string, unknown>>
  /** Of the site; default UTC. */
  readonly timeZone?: string
  readonly meta?: FieldValues
}

/** How messages reach the hub. */
export interface Delivery {
  /** Delay of a message in seconds, by its index. */
  delay?(index: number): number
  /** Whether a message arrives twice, by its index. */
  isDuplicated?(index: number): boolean
  /** Numbers of entries after which the hub is started again from its snapshots. */
  readonly restarts?: readonly number[]
}

export interface Episode {
  /** Hours after midnight of the first day. */
  readonly started: number
  readonly raised: number
  /** null = still open. */
  readonly cleared: number | null
  readonly evidence: FieldValues
}

/** The episodes that are true in the end; throws when the rule failed on a reading. */
export function episodes(
  tested: Tested,
  readings: readonly TestReading[],
  delivery: Delivery = {},
): Episode[] {
  const directory = directoryOf(
    [device('it', tested.type, { meta: tested.meta ?? {} })],
    {},
    { timeZone: tested.timeZone ?? 'UTC' },
  )
  const rules = compiled([ruleText({ applies: { types: [tested.type] }, ...tested.rule })])
  let engine = createEngine({ rules, directory })
  const rows = new Map<string, string>()
  const findings: Finding[] = []
  entriesOf(tested.type, readings, delivery).forEach((entry, index) => {
    findings.push(...engine.apply({ ...entry, seq: index + 1 } as Journaled))
    if (!delivery.restarts?.includes(index)) return
    save(engine, rows)
    engine = createEngine({ rules, directory })
    engine.restore(rows)
  })
  const { failures } = engine.stats()
  if (failures.length > 0) throw new Error(JSON.stringify(failures))
  return finalEpisodes(findings)
}

/** The episodes as `started raised cleared` in hours. */
export function spans(tested: Tested, readings: readonly TestReading[], delivery: Delivery = {}): string[] {
  const figure = (hours: number | null): string =>
    hours === null ? '-' : String(Math.round(hours * 1e4) / 1e4)
  return episodes(tested, readings, delivery).map(
    ({ started, raised, cleared }) => `${figure(started)} ${figure(raised)} ${figure(cleared)}`,
  )
}

function save(engine: Engine, rows: Map<string, string>): void {
  for (const [key, text] of engine.snapshot()) {
    if (text === null) rows.delete(key)
    else rows.set(key, text)
  }
}

function entriesOf(
  type: string,
  readings: readonly TestReading[],
  { delay, isDuplicated }: Delivery,
): Entry[] {
  const entries: (DeviceEntry & { order: number })[] = []
  readings.forEach(({ hour, values, kind }, index) => {
    const ts = midnight + Math.round(hour * hourMs)
    const receivedAt = ts + (delay?.(index) ?? 0) * 1000
    const entry: DeviceEntry = {
      kind: kind ?? 'telemetry',
      site: 'north',
      type,
      device: 'it',
      ts,
      receivedAt,
      quality: 'live',
      values,
      messageSeq: index,
    }
    entries.push({ ...entry, order: index })
    if (isDuplicated?.(index)) entries.push({ ...entry, receivedAt: receivedAt + 90_000, order: index })
  })
  entries.sort((a, b) => a.receivedAt - b.receivedAt || a.order - b.order)
  // The end is independent of the delivery; timers due until then have fired.
  const end = Math.max(midnight, ...entries.map(({ ts }) => ts)) + 15 * minuteMs
  return [...entries.map(({ order: _, ...entry }) => entry), { kind: 'tick', receivedAt: end }]
}

function finalEpisodes(findings: readonly Finding[]): Episode[] {
  const hours = (time: number): number => (time - midnight) / hourMs
  const open = new Map<string, Episode>()
  for (const { episode, change, at, ended, startedAt, raisedAt, evidence } of findings) {
    const known = open.get(episode)
    const times = { started: hours(startedAt), raised: hours(raisedAt) }
    if (change === 'retracted') open.delete(episode)
    else if (!known) open.set(episode, { ...times, cleared: ended ? hours(at) : null, evidence })
    else if (change !== 'severity')
      open.set(episode, { ...known, ...times, cleared: ended ? hours(at) : null })
  }
  return [...open.values()].sort((a, b) => a.raised - b.raised)
}
