/** Commands on alerts, the open alert dialog, and undo of an acknowledgement for 10 s. */
import { defineStore } from 'pinia'
import { reactive, shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type { Cancel } from '../../../../model/clock.ts'
import { useHub } from '../../shared/api/hub.ts'
import { screenClock } from '../../shared/clock.ts'
import { useTexts } from '../../shared/i18n/index.ts'
import { useCommand } from '../../shared/use-command.ts'

export const UNDO_MS = 10_000

export type AlertDialog = 'dispatch' | 'shelve' | 'clear' | 'reopen'

export const useAlertActions = defineStore('alert-actions', () => {
  const hub = useHub()
  const { pick } = useTexts()
  const command = useCommand()
  /** The open dialog, with the alert as it was when opened. */
  const dialog = shallowRef<{ readonly kind: AlertDialog; readonly alert: Alert } | null>(null)
  /** Alert id -> seconds left to undo the acknowledgement. */
  const undoSeconds = reactive(new Map<string, number>())

  const countdowns = new Map<string, Cancel>()
  /** Acknowledgements being sent, by alert id; an undo waits for them. */
  const pendingAcknowledgements = new Map<string, Promise<unknown>>()

  async function acknowledge(alert: Alert): Promise<void> {
    if (alert.attention === 'acknowledged') return
    const sent = command.run(alert.id, () => hub.alertCommand(alert.id, 'acknowledge'), {
      key: 'notice.acknowledged',
      values: () => ({ title: pick(alert.title) }),
    })
    pendingAcknowledgements.set(alert.id, sent)
    const done = await sent
    pendingAcknowledgements.delete(alert.id)
    if (done) startUndo(alert.id)
  }

  function startUndo(id: string): void {
    stopUndo(id)
    const until = screenClock.now() + UNDO_MS
    const updateCountdown = (): void => {
      const left = Math.ceil((until - screenClock.now()) / 1000)
      if (left > 0) undoSeconds.set(id, left)
      else stopUndo(id)
    }
    countdowns.set(id, screenClock.every(250, updateCountdown))
    updateCountdown()
  }

  function stopUndo(id: string): void {
    countdowns.get(id)?.()
    countdowns.delete(id)
    undoSeconds.delete(id)
  }

  /** Undoes an acknowledgement made on this screen in the last 10 s. */
  async function undo(id: string): Promise<void> {
    await pendingAcknowledgements.get(id)
    if (!undoSeconds.has(id)) return
    const done = await command.run(id, () => hub.alertCommand(id, 'unacknowledge'), {
      key: 'notice.unacknowledged',
    })
    if (done) stopUndo(id)
  }

  const closeDialog = (): void => {
    dialog.value = null
  }
  const openDialog = (kind: AlertDialog, alert: Alert): void => {
    dialog.value = { kind, alert }
  }

  async function dispatch(alert: Alert, crew: string, instructions: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.dispatch(alert.id, crew, instructions), {
      key: 'notice.dispatched',
      values: (answer) => ({ number: answer.workOrder.number }),
    })
    if (done) closeDialog()
  }

  async function shelve(alert: Alert, until: number, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.shelve(alert.id, until, note), {
      key: 'notice.shelved',
    })
    if (done) closeDialog()
  }

  async function clearOrReopen(kind: 'clear' | 'reopen', alert: Alert, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.alertCommand(alert.id, kind, note), {
      key: kind === 'clear' ? 'notice.cleared' : 'notice.reopened',
    })
    if (done) closeDialog()
  }

  return {
    dialog,
    openDialog,
    closeDialog,
    undoSeconds,
    isBusy: command.isBusy,
    acknowledge,
    undo,
    dispatch,
    shelve,
    clearOrReopen,
  }
})
