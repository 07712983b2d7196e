/** A run of one engine before its first entry, and where what it tells and what failed is kept. */
import type { Finding } from '../../model/finding.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import type { Subject } from '../conditions/condition.ts'
import { emptyScope, type Scope } from '../expression/scope.ts'
import { toFinding } from './findings.ts'
import type { Run, TimerItem } from './run.ts'
import { createTimers } from './timers.ts'
import type { Timeline, Transition } from './types.ts'
import { emptyView, nothing } from './view.ts'

/** A rule that threw; it is passed over for that subject and that message, the others go on. */
export interface RuleFailure {
  readonly rule: string
  readonly subject: string
  readonly count: number
  readonly message: string
}

export interface Told {
  readonly failures: Map<string, { rule: string; subject: string; count: number; message: string }>
  /** Findings of the entry that is being applied. */
  out: Finding[]
}

/** Failures that one engine tells at most. */
export const keptFailures = 100

export function createRun(rules: CompiledRules, told: Told): Run {
  const byId = new Map(rules.list.map((rule) => [rule.id, rule]))
  const scope = emptyScope()
  const run: Run = {
    now: 0,
    seq: 0,
    deaf: undefined,
    timers: createTimers<TimerItem>(isFirst),
    news: { former: nothingKnown, told: 0, changed: 0, silence: 0 },
    message: emptyMessage(),
    scope,
    moment: emptyMoment(scope),
    peek: emptyScope(),
    replay: undefined,
    waited: new Set(),
    retold: false,
    taken: new Set(),
    spare: null,
    written: 0,
    touched: [],
    tell(timeline: Timeline, transition: Transition) {
      const rule = byId.get(transition.rule)
      if (!rule) return
      told.out.push(toFinding(transition, { rule, timeline, seq: run.seq, index: told.out.length }))
    },
    failed({ rule, subject }, error) {
      const key = `${rule} ${subject}`
      const message = error instanceof Error ? error.message : String(error)
      const known = told.failures.get(key)
      if (known) {
        known.count += 1
        known.message = message
      } else if (told.failures.size < keptFailures)
        told.failures.set(key, { rule, subject, count: 1, message })
    },
    touch(timeline) {
      if (timeline.dirty) return
      timeline.dirty = true
      run.touched.push(timeline)
    },
  }
  return run
}

const nothingKnown = emptyView({ type: '', fields: [] })
const emptyMessage = (): Run['message'] => {
  const facts = { channel: 'telemetry', event: '', messageSeq: undefined } as const
  return { ...facts, member: 0, ts: 0, receivedAt: 0, own: nothing }
}

const nobody: Subject = { id: '', members: [], home: undefined, scope: emptyScope }

function emptyMoment(scope: Scope): Run['moment'] {
  const facts = { kind: 'telemetry', member: 0, muted: false, offline: false, link: undefined } as const
  return { ts: 0, receivedAt: 0, scope, subject: nobody, ...facts }
}

/** Which of two that are due at once fires first: the same in every replay. */
function isFirst(a: TimerItem, b: TimerItem): boolean {
  const [first, second] = [a.instance.rule.id, b.instance.rule.id]
  return first === second ? a.timeline.key < b.timeline.key : first < second
}
