/** The thread of one trial: reads the journal itself, queries the history through the hub, and posts the result. */

import { setPriority } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { stopwatch } from '../../model/clock.ts'
import type { HistoryPoint } from '../../model/ports/history.ts'
import type { TrialGaps } from '../../model/rule-trial.ts'
import { compileRules, readRule } from '../../rules/compile/compile-rules.ts'
import type { CompiledRules } from '../../rules/compile/compiled-rule.ts'
import { createTrial, type Trial } from '../../rules/editor/trial.ts'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { historyEntries } from './history-window.ts'
import { findJournalWindow, type JournalReader, type JournalWindow } from './journal-window.ts'
import type { FromTrial, ToTrial, TrialData } from './protocol.ts'
import { directoryOf } from './trial-places.ts'

/** Lower priority than acknowledgements, alerts and the console. */
const NICE = 15
const PAGE = 2048
const PROGRESS_SECONDS = 0.25

interface Running {
  readonly data: TrialData
  readonly trial: Trial
  readonly journal: JournalReader
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly ask: (
    query: Extract<FromTrial, { kind: 'ask' }>['query'],
  ) => Promise<readonly HistoryPoint[] | null>
  readonly progress: (share: number) => void
  /** Seconds since the start. */
  readonly elapsed: () => number
  entries: number
}

/** Compiles one rule alone; the rules it refers to are assumed to exist. */
function compiled(text: string): CompiledRules {
  const source = { source: 'rule', text }
  const read = readRule(source)
  const others = 'file' in read ? [...read.file.inhibits, ...(read.file.completes ?? [])] : []
  const result = compileRules([source], undefined, new Set(others))
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('; '))
  return result.rules
}

function fieldsOf(all: readonly CompiledRules[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>()
  for (const { layouts } of all)
    for (const [type, layout] of layouts) {
      const known = fields.get(type) ?? new Set()
      for (const field of layout.fields) known.add(field)
      fields.set(type, known)
    }
  return new Map([...fields].map(([type, names]) => [type, [...names]]))
}

async function run(running: Running): Promise<void> {
  const { data, journal, trial } = running
  const { from, to } = data.job
  const window = findJournalWindow(journal, { from, maxEntries: data.maxEntries })
  const oldest = await evaluateHistory(running, window)
  const endedAt = await evaluateJournal(running, window)
  const missing: TrialGaps = {
    nothingBefore: window.reachesTo === null ? null : (oldest ?? Math.min(window.reachesTo, to)),
    valuesOnlyBefore: oldest === undefined ? null : window.reachesTo,
    beganAt: window.beganAt,
    endedAt,
  }
  const began = window.beganAt ?? (window.reachesTo === null ? from : (missing.nothingBefore ?? from))
  post({
    kind: 'done',
    result: { from: began, to: endedAt ?? to, entries: running.entries, ...trial.result(), missing },
  })
}

/** Returns the time of the oldest value found, ms. */
async function evaluateHistory(running: Running, { reachesTo }: JournalWindow): Promise<number | undefined> {
  const { data, trial, fields, ask } = running
  const { from, to: now } = data.job
  const to = Math.min(reachesTo ?? from, now)
  let oldest: number | undefined
  for await (const day of historyEntries({ devices: data.places.devices, fields, from, to, ask })) {
    oldest ??= day[0]?.ts
    for (const entry of day) trial.apply(entry)
    running.entries += day.length
    running.progress(((day.at(-1)?.ts ?? from) - from) / (now - from))
    if (running.elapsed() > data.maxSeconds / 2) break
  }
  return oldest
}

/** Returns the hub time (ms) at which time ran out; null = all was evaluated. */
async function evaluateJournal(running: Running, { after, last }: JournalWindow): Promise<number | null> {
  const { data, journal, trial } = running
  const { from, to } = data.job
  const devices = new Set(data.places.devices.map(({ id }) => id))
  let reportedAt = running.elapsed()
  for (let seq = after; seq < last; ) {
    const page = journal.read(seq, Math.min(PAGE, last - seq))
    const newest = page.at(-1)
    if (!newest) break
    for (const entry of page) {
      if (entry.kind !== 'tick' && !devices.has(entry.device)) continue
      trial.apply(entry)
      if (entry.kind !== 'tick') running.entries += 1
    }
    seq = newest.seq
    if (running.elapsed() > data.maxSeconds && seq < last) return newest.receivedAt
    if (running.elapsed() - reportedAt < PROGRESS_SECONDS) continue
    reportedAt = running.elapsed()
    running.progress((newest.receivedAt - from) / (to - from))
    await nextTurn()
  }
  return null
}

function post(message: FromTrial): void {
  parentPort?.postMessage(message)
}

/** Sends history queries to the hub; answers are matched by id. */
function questions(port: MessagePort): Running['ask'] {
  const waiting = new Map<number, (points: readonly HistoryPoint[] | null) => void>()
  let lastId = 0
  port.on('message', ({ id, points }: ToTrial) => {
    waiting.get(id)?.(points)
    waiting.delete(id)
  })
  return (query) => {
    const id = ++lastId
    post({ kind: 'ask', id, query })
    return new Promise((resolve) => waiting.set(id, resolve))
  }
}

async function begin(port: MessagePort, data: TrialData): Promise<void> {
  const journal = openJournalReader(data.journalPath)
  try {
    const proposed = compiled(data.job.proposed)
    const current = data.job.current === undefined ? undefined : compiled(data.job.current)
    await run({
      data,
      journal,
      trial: createTrial({ proposed, current, directory: directoryOf(data.places) }),
      fields: fieldsOf(current ? [proposed, current] : [proposed]),
      ask: questions(port),
      progress: (share) => post({ kind: 'progress', share: Math.min(1, Math.max(0, share)) }),
      elapsed: stopwatch(),
      entries: 0,
    })
  } catch (error) {
    post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  } finally {
    journal.close()
    port.close()
  }
}

if (parentPort) {
  if (process.platform === 'linux') setPriority(NICE)
  void begin(parentPort, workerData as TrialData)
}
