/** Keyboard shortcuts of the alert list; single letters work only while the list has the focus (WCAG 2.1.4). */
import type { Alert } from '../../../../model/alert.ts'

export interface ListKeyActions {
  readonly list: () => HTMLElement | null
  readonly alertOf: (id: string) => Alert | undefined
  readonly acknowledge: (alert: Alert) => void
  readonly undo: (id: string) => void
  readonly dispatch: (alert: Alert) => void
  readonly search: () => void
  readonly help: () => void
}

/** The focusable link of a row; the value of `data-row` is the alert's id. */
const rowSelector = '[data-row]'

export function useListKeys(actions: ListKeyActions): (event: KeyboardEvent) => void {
  const rows = (): HTMLElement[] => [...(actions.list()?.querySelectorAll<HTMLElement>(rowSelector) ?? [])]
  const current = (): HTMLElement | null | undefined =>
    document.activeElement?.closest('[data-alert]')?.querySelector<HTMLElement>(rowSelector)

  const move = (by: number): void => {
    const all = rows()
    const at = all.indexOf(current() as HTMLElement)
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus()
  }
  const withAlert = (work: (alert: Alert) => void): void => {
    const alert = actions.alertOf(current()?.dataset.row ?? '')
    if (alert) work(alert)
  }
  const keys: Readonly<Record<string, () => void>> = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    a: () => withAlert(actions.acknowledge),
    u: () => withAlert((alert) => actions.undo(alert.id)),
    d: () => withAlert(actions.dispatch),
    '/': actions.search,
    '?': actions.help,
  }

  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
}
