/** One simulated community through the hub's own pipeline, engine and alert list, with ticks, without a store. */
import { applyFindings } from '../alerts/alert-list.ts'
import { alertOptions } from '../alerts/options.ts'
import { ingestOptions } from '../ingest/options.ts'
import { createPipeline, type PipelineResult } from '../ingest/pipeline.ts'
import type { Alert } from '../model/alert.ts'
import type { DeviceEntry, Entry } from '../model/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { Directory } from '../model/ports/directory.ts'
import { severityRank } from '../model/severity.ts'
import { buildTopic } from '../model/topics.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { createEngine, type EngineStats } from '../rules/engine/engine.ts'
import type { Span } from '../simulators/faults/fault.ts'
import type { ReceivedMessage } from '../simulators/message-stream.ts'
import type { DetectedAlert, SimulationResult } from './results.ts'

export interface RunInput {
  readonly rules: CompiledRules
  readonly directory: Directory
  /** In the order of `receivedAt`. */
  readonly received: Iterable<ReceivedMessage>
  /** Simulated time, ms. */
  readonly from: number
  readonly to: number
  /** Hub outages in order; the hub does not tick during them. */
  readonly outages?: readonly Span[]
  /** Called about once a simulated day with the time. */
  readonly progress?: (now: number, messages: number) => void
}

/** As `ingest/` appends them to the journal. */
const TICK_MS = 1000
const DAY_MS = 86_400_000

export function runSimulation(input: RunInput): SimulationResult {
  const { rules, directory, received, from, to, outages = [], progress } = input
  const engine = createEngine({ rules, directory })
  const reader = createReader(directory)
  const list = createEpisodeList(directory)
  let seq = 0
  let tickAt = from
  let dayAt = from + DAY_MS
  const apply = (entry: Entry): void => {
    seq += 1
    list.apply(engine.apply({ ...entry, seq }), entry.receivedAt)
  }
  const tickUntil = (now: number): void => {
    for (; tickAt <= now; tickAt += TICK_MS)
      if (!outages.some((span) => tickAt >= span.from && tickAt < span.to))
        apply({ kind: 'tick', receivedAt: tickAt })
  }
  for (const message of received) {
    tickUntil(message.receivedAt)
    const entry = reader.read(message)
    if (entry) apply(entry)
    if (message.receivedAt < dayAt) continue
    progress?.(message.receivedAt, reader.messages())
    dayAt += DAY_MS
  }
  tickUntil(to)
  return {
    alerts: list.alerts(),
    messages: reader.messages(),
    devices: directory.devices().length,
    residents: new Set(directory.devices().flatMap(({ home }) => home ?? [])).size,
    days: (to - from) / DAY_MS,
    unread: Object.fromEntries(reader.unread),
    failures: failuresOf(engine.stats()),
  }
}

/** One line per rule and error. */
function failuresOf({ failures }: EngineStats): readonly string[] {
  const groups = Map.groupBy(failures, ({ rule, message }) => `${rule}: ${message}`)
  return [...groups].map(([what, some]) => `${what} (on ${some.length} subjects, first ${some[0]?.subject})`)
}

/** The pipeline, counting what it rejects. */
function createReader(directory: Directory) {
  const pipeline = createPipeline(ingestOptions.parse({}).duplicateWindow, () => directory)
  const unread = new Map<string, number>()
  let messages = 0
  return {
    unread,
    messages: () => messages,
    read({ subject, channel, payload, receivedAt }: ReceivedMessage): DeviceEntry | undefined {
      messages += 1
      const { site, type, id } = subject
      const topic = buildTopic({ site, type, device: id, channel })
      const result = pipeline.ingest({ topic, payload }, () => receivedAt)
      const problem = problemOf(result)
      if (problem) unread.set(`${type} ${problem}`, (unread.get(`${type} ${problem}`) ?? 0) + 1)
      return result.kind === 'accepted' ? result.entry : undefined
    },
  }
}

/** The fault `nonsense` sends values out of range on purpose; any other rejected field is a simulator bug. */
function problemOf(result: PipelineResult): string | undefined {
  if (result.kind === 'quarantined') return result.reason
  if (result.kind === 'duplicate') return undefined
  return result.dropped.find(({ fault }) => fault !== 'out-of-range')?.field
}

/** The alert list without a store. Only active alerts stay open here: nobody acknowledges, so the others would pile up. */
function createEpisodeList(directory: Directory) {
  const graceMs = alertOptions.parse({}).releaseGraceSeconds * 1000
  const all = new Map<string, Alert>()
  const open = new Map<string, Alert>()
  const detected = new Map<string, DetectedAlert>()
  return {
    alerts: () => [...detected.values()],
    apply(findings: readonly Finding[], now: number): void {
      if (findings.length === 0) return
      const known = { open, find: (id: string) => all.get(id) }
      const { changes } = applyFindings(known, findings, { directory, now, graceMs })
      for (const { alert } of changes) {
        all.set(alert.id, alert)
        if (alert.condition === 'active') open.set(alert.id, alert)
        else open.delete(alert.id)
        detected.set(alert.id, detectedAlert(alert, detected.get(alert.id)))
      }
    },
  }
}

function detectedAlert(alert: Alert, known: DetectedAlert | undefined): DetectedAlert {
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
    inhibited: (known?.inhibited ?? false) || alert.inhibitedBy !== null,
    reason: worse ? alert.reason.en : known.reason,
  }
}
