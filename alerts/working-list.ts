/** The alerts that one decision is about: what is known, overlaid with the changes decided so far. No I/O. */
import { type Alert, isOpen } from '../model/alert.ts'
import type { AlertAction, Changed } from './step.ts'

/** Who caused a change, as the change log records it. */
export interface Author {
  /** Login of the person, or `rules`. */
  readonly actor: string
  readonly note: string | null
}

export const byRules: Author = { actor: 'rules', note: null }

export interface AlertChange {
  /** The alert after the change. */
  readonly alert: Alert
  readonly action: AlertAction
  readonly by: Author
}

export interface KnownAlerts {
  /** Open alerts (`isOpen`) by id. */
  readonly open: ReadonlyMap<string, Alert>
  /** An alert named by a finding, a command or as a cause, open or not. */
  find(id: string): Alert | undefined
}

export interface ListTime {
  /** Hub clock, ms. */
  readonly now: number
  /** How long alerts stay under a cause that has cleared, ms. */
  readonly graceMs: number
}

export interface WorkingList extends KnownAlerts {
  put(step: Changed, by: Author): void
  /** Alerts changed so far, each in its newest state. */
  changed(): readonly Alert[]
  /** In the order in which they were decided. */
  readonly changes: readonly AlertChange[]
}

export function createWorkingList(known: KnownAlerts): WorkingList {
  const open = new Map(known.open)
  const changed = new Map<string, Alert>()
  const changes: AlertChange[] = []
  return {
    open,
    changes,
    find: (id) => changed.get(id) ?? known.find(id),
    changed: () => [...changed.values()],
    put({ alert, action }, by) {
      changes.push({ alert, action, by })
      changed.set(alert.id, alert)
      if (isOpen(alert)) open.set(alert.id, alert)
      else open.delete(alert.id)
    },
  }
}
