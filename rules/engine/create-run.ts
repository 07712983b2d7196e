/** Shared state of one engine at its start, and the collection of its findings and failures. */
import type { Finding } from '../../model/finding.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import type { Subject } from '../conditions/condition.ts'
import { emptyScope, type Scope } from '../expression/scope.ts'
import { toFinding } from './evaluate/findings.ts'
import { emptyView, nothing } from './evaluate/view.ts'
import type { Run } from './run.ts'
import { createTimers } from './timers/timer-heap.ts'
import type { ScheduledTimer, Timeline, Transition } from './types.ts'

/** A rule that threw an error; it is skipped for that subject and message, other rules continue. */
export interface RuleFailure {
  readonly rule: string
  readonly subject: string
  readonly count: number
  readonly message: string
}

export interface RunOutput {
  readonly failures: Map<string, { rule: string; subject: string; count: number; message: string }>
  /** Findings of the current entry. */
  out: Finding[]
}

/** Most failures that one engine records. */
export const keptFailures = 100

export function createRun(rules: CompiledRules, output: RunOutput): Run {
  const byId = new Map(rules.list.map((rule) => [rule.id, rule]))
  const scope = emptyScope()
  const run: Run = {
    now: 0,
    seq: 0,
    hubOutage: undefined,
    timers: createTimers<ScheduledTimer>(isFirst),
    delta: { previous: nothingKnown, reportedMask: 0, changedMask: 0, silence: 0 },
    message: emptyMessage(),
    scope,
    sample: emptySample(scope),
    timerScope: emptyScope(),
    replayed: undefined,
    elapsed: new Set(),
    metaChanged: false,
    usedEpisodeIds: new Set(),
    recycled: null,
    openSnapshots: 0,
    dirtyTimelines: [],
    emit(timeline: Timeline, transition: Transition) {
      const rule = byId.get(transition.rule)
      if (!rule) return
      output.out.push(toFinding(transition, { rule, timeline, seq: run.seq, index: output.out.length }))
    },
    recordFailure({ rule, subject }, error) {
      const key = `${rule} ${subject}`
      const message = error instanceof Error ? error.message : String(error)
      const known = output.failures.get(key)
      if (known) {
        known.count += 1
        known.message = message
      } else if (output.failures.size < keptFailures)
        output.failures.set(key, { rule, subject, count: 1, message })
    },
    markDirty(timeline) {
      if (timeline.dirty) return
      timeline.dirty = true
      run.dirtyTimelines.push(timeline)
    },
  }
  return run
}

const nothingKnown = emptyView({ type: '', fields: [] })
const emptyMessage = (): Run['message'] => {
  const facts = { channel: 'telemetry', event: '', messageSeq: undefined } as const
  return { ...facts, member: 0, ts: 0, receivedAt: 0, reported: nothing }
}

const nobody: Subject = { id: '', members: [], home: undefined, scope: emptyScope }

function emptySample(scope: Scope): Run['sample'] {
  const facts = { kind: 'telemetry', member: 0, muted: false, offline: false, link: undefined } as const
  return { ts: 0, receivedAt: 0, scope, subject: nobody, ...facts }
}

/** Order of timers with the same due time: the same in every replay. */
function isFirst(a: ScheduledTimer, b: ScheduledTimer): boolean {
  const [first, second] = [a.instance.rule.id, b.instance.rule.id]
  return first === second ? a.timeline.key < b.timeline.key : first < second
}
