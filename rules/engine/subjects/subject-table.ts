/** Devices and timelines of one engine. */
import type { Device, Directory } from '../../../model/ports/directory.ts'
import type { CompiledRules } from '../../compile/compiled-rule.ts'
import { createLocations } from '../../expression/location.ts'
import type { Run } from '../run.ts'
import type { DeviceRecord, Timeline } from '../types.ts'
import type { TimelineContext } from './registry.ts'

export interface PopulationOptions {
  readonly rules: CompiledRules
  readonly directory: Directory
  readonly run: Run
}

export interface SubjectTable extends PopulationOptions {
  /** By device id. */
  readonly records: Map<string, DeviceRecord>
  /** By key. */
  readonly timelines: Map<string, Timeline>
  /** Keys of rows to delete with the next snapshot. */
  readonly removedKeys: Set<string>
  /** The devices of the last synchronisation. */
  devices: readonly Device[] | undefined
  readonly context: TimelineContext
}

export function createSubjectTable(options: PopulationOptions): SubjectTable {
  const records = new Map<string, DeviceRecord>()
  return {
    ...options,
    records,
    timelines: new Map(),
    removedKeys: new Set(),
    devices: undefined,
    context: {
      rules: options.rules,
      records,
      timerScope: options.run.timerScope,
      locationOf: createLocations(),
      cellLayouts: new Map(),
      unknown: new Map(),
      withoutValues: new Map(),
    },
  }
}
