/** The alerts of one transaction: reads what is open at most once, writes each change with its line in the log. */
import { type Alert, isOpen } from '../model/alert.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import type { AlertAction, Changed } from './step.ts'

export interface Doer {
  /** Login of the person, or `rules`. */
  readonly actor: string
  readonly note: string | null
}

export const byRules: Doer = { actor: 'rules', note: null }

export interface Batch {
  get(id: string): Promise<Alert | undefined>
  /** Open alerts as they are now, this batch's changes included. */
  open(): Promise<ReadonlyMap<string, Alert>>
  /** Stores the alert and its line in the change log. */
  put(step: Changed, doer: Doer): Promise<void>
  /** Alerts changed so far, each as it is now. */
  changed(): readonly Alert[]
  /** One word per line written to the log. */
  actions(): readonly AlertAction[]
}

/** `now`: hub clock, ms, stamped on every line. */
export function createBatch(tx: RecordsTx, now: number): Batch {
  const touched = new Map<string, Alert>()
  const actions: AlertAction[] = []
  let open: Map<string, Alert> | undefined
  return {
    get: async (id) => touched.get(id) ?? (await tx.alerts.get(id)),
    async open() {
      open ??= new Map((await tx.alerts.open()).map((alert) => [alert.id, alert]))
      return open
    },
    async put({ alert, action }, { actor, note }) {
      await tx.alerts.put(alert)
      await tx.changes.append({ entity: 'alert', at: now, action, actor, note, after: alert })
      touched.set(alert.id, alert)
      actions.push(action)
      if (!open) return
      if (isOpen(alert)) open.set(alert.id, alert)
      else open.delete(alert.id)
    },
    changed: () => [...touched.values()],
    actions: () => actions,
  }
}
