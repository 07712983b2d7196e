/** One simulated community through the very path of the hub: message, ingest's reading, engine with ticks, holding. */

import { applyFinding } from '../alerts/apply-finding.ts'
import { explainedBy } from '../alerts/inhibition.ts'
import { duplicateWindow, identityOf } from '../ingest/duplicates.ts'
import { ingestOptions } from '../ingest/options.ts'
import { readParsed } from '../ingest/read-message.ts'
import { createFieldReader } from '../ingest/shapes.ts'
import type { Alert } from '../model/alert.ts'
import type { DeviceEntry, Entry } from '../model/entry.ts'
import { type Finding, isAboutAlert } from '../model/finding.ts'
import type { Directory } from '../model/ports/directory.ts'
import { severityRank } from '../model/severity.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { createEngine, type EngineStats } from '../rules/engine/engine.ts'
import type { Span } from '../simulators/faults/fault.ts'
import type { Heard } from '../simulators/message-stream.ts'
import type { Measured, Told } from './measured.ts'

export interface RunInput {
  readonly rules: CompiledRules
  readonly directory: Directory
  /** In the order of `receivedAt`. */
  readonly heard: Iterable<Heard>
  /** Simulated time, ms. */
  readonly from: number
  readonly to: number
  /** When the hub was away, in order: no ticks then. */
  readonly deaf?: readonly Span[]
  /** Called about once a simulated day with the time. */
  readonly progress?: (now: number, messages: number) => void
}

/** As `ingest/` gives them to the journal. */
const TICK_MS = 1000
const DAY_MS = 86_400_000

export function runSimulation(input: RunInput): Measured {
  const { rules, directory, heard, from, to, deaf = [], progress } = input
  const engine = createEngine({ rules, directory })
  const reading = createReading(directory)
  const list = createAlertList(directory)
  let seq = 0
  let tickAt = from
  let dayAt = from + DAY_MS
  const apply = (entry: Entry): void => {
    seq += 1
    for (const finding of engine.apply({ ...entry, seq })) list.take(finding, entry.receivedAt)
  }
  const tickUntil = (now: number): void => {
    for (; tickAt <= now; tickAt += TICK_MS)
      if (!deaf.some((span) => tickAt >= span.from && tickAt < span.to))
        apply({ kind: 'tick', receivedAt: tickAt })
  }
  for (const message of heard) {
    tickUntil(message.receivedAt)
    const entry = reading.read(message)
    if (entry) apply(entry)
    if (message.receivedAt < dayAt) continue
    progress?.(message.receivedAt, reading.messages())
    dayAt += DAY_MS
  }
  tickUntil(to)
  return {
    told: list.told(),
    messages: reading.messages(),
    devices: directory.devices().length,
    residents: new Set(directory.devices().flatMap(({ home }) => home ?? [])).size,
    days: (to - from) / DAY_MS,
    unread: Object.fromEntries(reading.unread),
    failures: failuresOf(engine.stats()),
  }
}

/** One line for each rule and what it threw. */
function failuresOf({ failures }: EngineStats): readonly string[] {
  const alike = Map.groupBy(failures, ({ rule, message }) => `${rule}: ${message}`)
  return [...alike].map(([what, some]) => `${what} (on ${some.length} subjects, first ${some[0]?.subject})`)
}

/** Messages to journal entries, without those that were there already. */
function createReading(directory: Directory) {
  const windows = new Map<string, ReturnType<typeof duplicateWindow>>()
  const readFields = createFieldReader()
  const size = ingestOptions.parse({}).duplicateWindow
  const unread = new Map<string, number>()
  let messages = 0
  const isRepeated = (entry: DeviceEntry): boolean => {
    const identity = identityOf(entry)
    if (!identity) return false
    const window = windows.get(entry.device) ?? duplicateWindow(size)
    windows.set(entry.device, window)
    if (window.has(identity)) return true
    window.add(identity)
    return false
  }
  return {
    unread,
    messages: () => messages,
    read({ subject, channel, payload, receivedAt }: Heard): DeviceEntry | undefined {
      messages += 1
      const { site, type, id } = subject
      const read = readParsed({ site, type, device: id, channel }, payload, {
        receivedAt,
        directory,
        readFields,
      })
      // A value out of its range is what the fault `nonsense` sends; whatever else is not read is a mistake of ours.
      const fault =
        read.kind === 'quarantine'
          ? read.reason
          : read.dropped.find((one) => one.fault !== 'out-of-range')?.field
      if (fault !== undefined) unread.set(`${type} ${fault}`, (unread.get(`${type} ${fault}`) ?? 0) + 1)
      return read.kind === 'entry' && !isRepeated(read.entry) ? read.entry : undefined
    },
  }
}

/** The alert list without its store: what `alerts/` decides, kept only as long as it is active. */
function createAlertList(directory: Directory) {
  const active = new Map<string, Alert>()
  const causes = new Map<string, Alert>()
  const told = new Map<string, Told>()
  const look = (alert: Alert): void => {
    if (explainedBy(alert, causes) === null) return
    const known = told.get(alert.id)
    if (known && !known.held) told.set(alert.id, { ...known, held: true })
  }
  return {
    told: () => [...told.values()],
    take(finding: Finding, now: number): void {
      if (!isAboutAlert(finding)) return
      const device = directory.device(finding.device)
      const facts = {
        grid: device?.grid ?? null,
        deviceType: device?.type ?? '',
        place: device?.place ?? { zh: '', en: '' },
      }
      const outcome = applyFinding(active.get(finding.episode), finding, { facts, now })
      if (outcome.kind === 'ignored') return
      const { alert } = outcome
      told.set(alert.id, toldOf(alert, told.get(alert.id)))
      if (alert.condition !== 'active') {
        active.delete(alert.id)
        causes.delete(alert.id)
        return
      }
      active.set(alert.id, alert)
      look(alert)
      if (alert.inhibits.length === 0) return
      causes.set(alert.id, alert)
      for (const other of active.values()) look(other)
    },
  }
}

function toldOf(alert: Alert, known: Told | undefined): Told {
  const worse = known === undefined || severityRank(alert.severity) < severityRank(known.severity)
  return {
    rule: alert.rule,
    ref: alert.ref,
    kind: alert.kind,
    severity: worse ? alert.severity : known.severity,
    devices: alert.devices,
    raisedAt: alert.raisedAt,
    seenAt: known?.seenAt ?? alert.firstSeenAt,
    clearedAt: alert.clearedAt,
    held: known?.held ?? false,
    reason: worse ? alert.reason.en : known.reason,
  }
}
