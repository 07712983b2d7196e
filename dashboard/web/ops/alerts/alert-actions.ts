/** What a person can do to an alert, which dialog is open for it, and the short time in which 确认 can be undone. */
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
  /** The open dialog and its alert, as it was when the dialog was opened. */
  const open = shallowRef<{ readonly kind: AlertDialog; readonly alert: Alert } | null>(null)
  /** Alert id -> whole seconds left to undo the acknowledgement made here. */
  const undoSeconds = reactive(new Map<string, number>())

  const countdowns = new Map<string, Cancel>()
  /** Acknowledgements on their way; an undo waits for its own, however fast the fingers are. */
  const sending = new Map<string, Promise<unknown>>()

  async function acknowledge(alert: Alert): Promise<void> {
    if (alert.attention === 'acknowledged') return
    const sent = command.run(alert.id, () => hub.alertCommand(alert.id, 'acknowledge'), {
      key: 'notice.acknowledged',
      values: () => ({ title: pick(alert.title) }),
    })
    sending.set(alert.id, sent)
    const done = await sent
    sending.delete(alert.id)
    if (done) startUndo(alert.id)
  }

  function startUndo(id: string): void {
    stopUndo(id)
    const until = screenClock.now() + UNDO_MS
    const look = (): void => {
      const left = Math.ceil((until - screenClock.now()) / 1000)
      if (left > 0) undoSeconds.set(id, left)
      else stopUndo(id)
    }
    countdowns.set(id, screenClock.every(250, look))
    look()
  }

  function stopUndo(id: string): void {
    countdowns.get(id)?.()
    countdowns.delete(id)
    undoSeconds.delete(id)
  }

  /** Takes an acknowledgement back that was made at this screen within the last 10 s. */
  async function undo(id: string): Promise<void> {
    await sending.get(id)
    if (!undoSeconds.has(id)) return
    const done = await command.run(id, () => hub.alertCommand(id, 'unacknowledge'), {
      key: 'notice.unacknowledged',
    })
    if (done) stopUndo(id)
  }

  const close = (): void => {
    open.value = null
  }
  const ask = (kind: AlertDialog, alert: Alert): void => {
    open.value = { kind, alert }
  }

  async function dispatch(alert: Alert, crew: string, instructions: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.dispatch(alert.id, crew, instructions), {
      key: 'notice.dispatched',
      values: (answer) => ({ number: answer.workOrder.number }),
    })
    if (done) close()
  }

  async function shelve(alert: Alert, until: number, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.shelve(alert.id, until, note), {
      key: 'notice.shelved',
    })
    if (done) close()
  }

  async function end(kind: 'clear' | 'reopen', alert: Alert, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.alertCommand(alert.id, kind, note), {
      key: kind === 'clear' ? 'notice.cleared' : 'notice.reopened',
    })
    if (done) close()
  }

  return { open, undoSeconds, isBusy: command.isBusy, ask, close, acknowledge, undo, dispatch, shelve, end }
})
