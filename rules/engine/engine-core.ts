/** State of one engine. */
import type { Directory } from '../../model/ports/directory.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createRun, type RunOutput } from './create-run.ts'
import type { Placing } from './reorder/accept-entry.ts'
import type { Run } from './run.ts'
import { createPopulation, type Population } from './subjects/population.ts'
import type { OrphanedEpisode } from './types.ts'

export interface EngineOptions {
  readonly rules: CompiledRules
  readonly directory: Directory
}

export interface EngineState extends RunOutput {
  started: boolean
  ticking: boolean
  /** Engine-wide facts changed since the last snapshot. */
  dirty: boolean
  entries: number
  unknownDevices: number
  readonly placed: Record<Placing, number>
  /** Ended with the first entry after `emittedUpTo`. */
  orphans: readonly OrphanedEpisode[]
  emittedUpTo: number
}

export interface EngineCore extends EngineOptions {
  readonly state: EngineState
  readonly run: Run
  readonly population: Population
}

export function createCore(options: EngineOptions): EngineCore {
  const state: EngineState = {
    started: false,
    ticking: false,
    dirty: false,
    entries: 0,
    unknownDevices: 0,
    placed: { 'in-order': 0, reordered: 0, 'too-late': 0, duplicate: 0 },
    failures: new Map(),
    out: [],
    orphans: [],
    emittedUpTo: 0,
  }
  const run = createRun(options.rules, state)
  return { ...options, state, run, population: createPopulation({ ...options, run }) }
}
