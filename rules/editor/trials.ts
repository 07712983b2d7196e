/** Trials of rules: one per person, a few at once, with their newest results. The evaluation runs in its own thread. */
import { LinliError } from '../../model/errors.ts'
import type { RuleTrials, TrialRequest, TrialResult, TrialState } from '../../model/rule-trial.ts'
import type { RunningRuleRegistry } from './rule-registry.ts'

export interface TrialJob {
  readonly proposed: string
  /** The active text; undefined for a new rule. */
  readonly current: string | undefined
  /** Hub clock, ms. */
  readonly from: number
  readonly to: number
}

export interface TrialEvents {
  /** 0 to 1. */
  progress(share: number): void
  done(result: TrialResult): void
  failed(message: string): void
}

/** Starts a trial outside the hub's own thread; returns a function that ends it at once. */
export type RunTrial = (job: TrialJob, events: TrialEvents) => () => void

export interface TrialsDeps {
  readonly registry: Pick<RunningRuleRegistry, 'check' | 'textOf'>
  readonly run: RunTrial
  /** Trials that run at once; default 2. */
  readonly atOnce?: number
}

interface PersonTrial {
  state: TrialState
  end: () => void
}

/** Results are kept for this many people; the oldest is discarded first. */
const maxResults = 50
const dayMs = 86_400_000

export function createTrials({ registry, run, atOnce = 2 }: TrialsDeps): RuleTrials & { stop(): void } {
  const trials = new Map<string, PersonTrial>()
  const running = (): PersonTrial[] => [...trials.values()].filter(({ state }) => state.state === 'running')

  function refuseTooMany(login: string): void {
    if (trials.get(login)?.state.state === 'running')
      throw new LinliError('CONFLICT', 'your previous trial is still running', { reason: 'trial-running' })
    if (running().length >= atOnce)
      throw new LinliError('TOO_MANY_REQUESTS', 'too many trials are running', { reason: 'trials-full' })
  }

  function store(login: string, one: PersonTrial): void {
    trials.delete(login)
    trials.set(login, one)
    for (const [oldest, { state }] of trials) {
      if (trials.size <= maxResults) return
      if (state.state !== 'running') trials.delete(oldest)
    }
  }

  function start(login: string, { rule, text, days }: TrialRequest, now: number): TrialState {
    refuseTooMany(login)
    const problems = registry.check(rule, text)
    if (problems.length > 0) throw new LinliError('RULES_INVALID', 'the rule is refused', { problems })
    const about = { rule, days, startedAt: now }
    const one: PersonTrial = { state: { ...about, state: 'running', progress: 0 }, end: () => {} }
    const settle = (state: TrialState): void => {
      if (one.state.state === 'running') one.state = state
    }
    store(login, one)
    one.end = run(
      { proposed: text, current: registry.textOf(rule), from: now - days * dayMs, to: now },
      {
        progress: (progress) => settle({ ...about, state: 'running', progress }),
        done: (result) => settle({ ...about, state: 'done', result }),
        failed: (message) => settle({ ...about, state: 'failed', message }),
      },
    )
    return one.state
  }

  function cancel(login: string): void {
    const one = trials.get(login)
    if (one?.state.state !== 'running') return
    const { rule, days, startedAt } = one.state
    one.state = { rule, days, startedAt, state: 'cancelled' }
    one.end()
  }

  return {
    start,
    stateOf(login, rule) {
      const state = trials.get(login)?.state
      return state?.rule === rule ? state : undefined
    },
    cancel,
    stop() {
      for (const { end } of running()) end()
    },
  }
}
