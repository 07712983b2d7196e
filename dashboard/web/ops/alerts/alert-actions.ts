/** Commands on alerts, and the open alert dialog. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import { useHub } from '../../shared/api/hub.ts'
import { screenClock } from '../../shared/clock.ts'
import { useTexts } from '../../shared/i18n/index.ts'
import { useCommand } from '../../shared/use-command.ts'
import { createAcknowledgements } from './acknowledgements.ts'

export type AlertDialog = 'dispatch' | 'shelve' | 'clear' | 'reopen'

export const useAlertActions = defineStore('alert-actions', () => {
  const hub = useHub()
  const { pick } = useTexts()
  const { run, isBusy } = useCommand()
  /** The open dialog, with the alert as it was when opened. */
  const dialog = shallowRef<{ readonly kind: AlertDialog; readonly alert: Alert } | null>(null)

  const { undoSeconds, acknowledge, undo } = createAcknowledgements(
    {
      async acknowledge(alert) {
        const acknowledged = await run(alert.id, () => hub.alertCommand(alert.id, 'acknowledge'), {
          key: 'notice.acknowledged',
          values: () => ({ title: pick(alert.title) }),
        })
        return acknowledged !== undefined
      },
      async unacknowledge(id) {
        const undone = await run(id, () => hub.alertCommand(id, 'unacknowledge'), {
          key: 'notice.unacknowledged',
        })
        return undone !== undefined
      },
    },
    screenClock,
  )

  const openDialog = (kind: AlertDialog, alert: Alert): void => {
    dialog.value = { kind, alert }
  }
  const closeDialog = (): void => {
    dialog.value = null
  }

  async function dispatch(alert: Alert, crew: string, instructions: string): Promise<void> {
    const done = await run(alert.id, () => hub.dispatch(alert.id, crew, instructions), {
      key: 'notice.dispatched',
      values: ({ workOrder }) => ({ number: workOrder.number }),
    })
    if (done) closeDialog()
  }
  async function shelve(alert: Alert, until: number, note: string): Promise<void> {
    const done = await run(alert.id, () => hub.shelve(alert.id, until, note), { key: 'notice.shelved' })
    if (done) closeDialog()
  }
  async function clearOrReopen(kind: 'clear' | 'reopen', alert: Alert, note: string): Promise<void> {
    const done = await run(alert.id, () => hub.alertCommand(alert.id, kind, note), {
      key: kind === 'clear' ? 'notice.cleared' : 'notice.reopened',
    })
    if (done) closeDialog()
  }

  return {
    dialog,
    openDialog,
    closeDialog,
    isBusy,
    undoSeconds,
    acknowledge,
    undo,
    dispatch,
    shelve,
    clearOrReopen,
  }
})
